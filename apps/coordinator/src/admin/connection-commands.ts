/** Commands about connections, sessions and watches. */
import type { ConnectionStatus } from '@corral/member';
import { summarizeWatches } from '@corral/net';
import type { SessionId } from '@corral/primitives';
import type { AdminCommand, CommandContext, CommandFields } from './command.js';

/** Commands that list what clients hold. */
export const connectionCommands: readonly AdminCommand[] = [
  {
    names: ['connections', 'cons'],
    run: ({ source }) => ({
      connections: Array.from(source.connections(), fullConnection),
      secure_connections: [],
    }),
  },
  {
    names: ['connection_stat_reset', 'crst'],
    run: ({ source }) => {
      source.resetConnectionStatistics();
      return {};
    },
  },
  { names: ['dump'], run: dump },
  {
    names: ['watches', 'wchc'],
    run: ({ source }) => ({ session_id_to_watched_paths: Object.fromEntries(keyed(source.watchesBySession())) }),
  },
  {
    names: ['watches_by_path', 'wchp'],
    run: ({ source }) => ({ path_to_session_ids: Object.fromEntries(source.watchesByPath()) }),
  },
  {
    names: ['watch_summary', 'wchs'],
    run: ({ source }) => {
      const { connections, paths, watches } = summarizeWatches(source);
      return { num_connections: connections, num_paths: paths, num_total_watches: watches };
    },
  },
];

/** One connection in short. */
export function briefConnection(connection: ConnectionStatus): CommandFields {
  const { remoteAddress, remotePort } = connection;
  return {
    remote_socket_address: `${remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress}:${remotePort}`,
    // What a Java selector would wait for: 1, to read.
    interest_ops: 1,
    outstanding_requests: connection.outstandingRequests,
    packets_received: connection.packetsReceived,
    packets_sent: connection.packetsSent,
  };
}

function fullConnection(connection: ConnectionStatus): CommandFields {
  const { latency } = connection;
  return {
    ...briefConnection(connection),
    session_id: connection.sessionId,
    last_operation: connection.lastOperation,
    established: connection.establishedAtMs,
    session_timeout: connection.timeoutMs,
    last_cxid: connection.lastCxid,
    last_zxid: connection.lastZxid,
    last_response_time: Math.floor(connection.lastResponseAtMs),
    last_latency: Math.floor(connection.lastLatencyMs),
    min_latency: Math.floor(latency.minMs),
    avg_latency: Math.floor(latency.avgMs),
    max_latency: Math.floor(latency.maxMs),
  };
}

function dump({ source, facts }: CommandContext): CommandFields {
  const { tickMs } = facts.configuration;
  const byExpiry: Record<string, SessionId[]> = {};
  const ephemerals: Record<string, readonly string[]> = {};
  for (const session of source.sessions()) {
    const endOfTickMs = Math.ceil(session.expiresAtMs / tickMs) * tickMs;
    (byExpiry[endOfTickMs] ??= []).push(session.sessionId);
    if (session.ephemerals.length > 0) ephemerals[String(session.sessionId)] = session.ephemerals;
  }
  return { expiry_time_to_session_ids: byExpiry, session_id_to_ephemeral_paths: ephemerals };
}

function* keyed<T>(entries: Iterable<readonly [SessionId, T]>): Iterable<[string, T]> {
  for (const [sessionId, value] of entries) yield [String(sessionId), value];
}
