/** Commands about the server as a whole. */
import { formatZxid } from '@corral/primitives';
import { monitorValues } from '@corral/net';
import type { AdminCommand, CommandContext, CommandFields, IndependentCommand } from './command.js';
import { briefConnection } from './connection-commands.js';

/** ZooKeeper tells about the sizes of replies here; Corral does not count them. */
const NO_BUFFER_SIZES = { last_buffer_size: -1, min_buffer_size: -1, max_buffer_size: -1 };

/** Commands that need no member. */
export const independentCommands: readonly IndependentCommand[] = [
  { names: ['ruok'], runAlone: () => ({}) },
  {
    names: ['environment', 'env', 'envi'],
    runAlone: (facts) => Object.fromEntries([['zookeeper.version', facts.version], ...facts.environment()]),
  },
  { names: ['get_trace_mask', 'gtmk'], runAlone: () => ({ tracemask: 0 }) },
];

/** Commands that read from the member. */
export const serverCommands: readonly AdminCommand[] = [
  { names: ['server_stats', 'srvr'], run: serverStats },
  {
    names: ['stats', 'stat'],
    run: (context) => ({
      ...serverStats(context),
      connections: Array.from(context.source.connections(), briefConnection),
      secure_connections: [],
    }),
  },
  { names: ['monitor', 'mntr'], run: monitor },
  { names: ['configuration', 'conf', 'config'], run: configuration },
  {
    names: ['dirs'],
    run: ({ facts }) => {
      const { dataBytes, logBytes } = facts.directorySizes();
      return { datadir_size: dataBytes, logdir_size: logBytes };
    },
  },
  { names: ['is_read_only', 'isro'], run: ({ source }) => ({ read_only: source.status().mode === 'read-only' }) },
  { names: ['ensemble'], run: ensemble },
  // There are no snapshot files; what a restart begins with is the tree as it was last written.
  {
    names: ['last_snapshot', 'lsnp'],
    run: ({ source }) => ({ zxid: formatZxid(source.status().flushedZxid), timestamp: -1 }),
  },
  {
    names: ['stat_reset', 'srst'],
    run: ({ source }) => {
      source.resetStatistics();
      return {};
    },
  },
];

function serverStats({ source, facts, metrics, nowMs }: CommandContext): CommandFields {
  const status = source.status();
  const { dataBytes, logBytes } = facts.directorySizes();
  return {
    version: facts.version,
    read_only: status.mode === 'read-only',
    server_stats: {
      packets_sent: status.packetsSent,
      packets_received: status.packetsReceived,
      fsync_threshold_exceed_count: metrics.slowLogSyncs,
      client_response_stats: NO_BUFFER_SIZES,
      data_dir_size: dataBytes,
      log_dir_size: logBytes,
      provider_null: false,
      server_state: status.mode,
      last_processed_zxid: status.lastZxid,
      outstanding_requests: status.outstandingRequests,
      avg_latency: status.requestLatency.avgMs,
      max_latency: Math.floor(status.requestLatency.maxMs),
      min_latency: Math.floor(status.requestLatency.minMs),
      num_alive_client_connections: status.connectionCount,
      auth_failed_count: status.authFailures,
      uptime: Math.floor(nowMs - facts.startedAtMs),
    },
    client_response: NO_BUFFER_SIZES,
    node_count: status.znodeCount,
  };
}

function monitor(context: CommandContext): CommandFields {
  const texts = new Set(['version', 'server_state']);
  return Object.fromEntries(
    monitorValues(context).map(([name, value]) => [name, texts.has(name) ? value : Number(value)]),
  );
}

/** The member's place in its ensemble, and a leader's view of the others; Corral's own command. */
function ensemble({ source }: CommandContext): CommandFields {
  const { ensemble: status, mode } = source.status();
  if (status === undefined) return { server_state: mode };
  const { acceptedEpoch, committedZxid, currentEpoch, learners, loggedZxid, quorumSize, serverId, state } = status;
  return {
    server_id: serverId,
    server_state: mode,
    phase: state.phase,
    leader: state.leader,
    epoch: state.epoch,
    reason: state.reason,
    accepted_epoch: acceptedEpoch,
    current_epoch: currentEpoch,
    last_logged_zxid: formatZxid(loggedZxid),
    last_committed_zxid: formatZxid(committedZxid),
    quorum_size: quorumSize,
    learners: learners.map((learner) => ({
      server_id: learner.serverId ?? null,
      remote: learner.remote,
      role: learner.role,
      synced: learner.isSynced,
      last_acked_zxid: formatZxid(learner.ackedZxid),
      lag: learner.lag,
      unsent_bytes: learner.unsentBytes,
    })),
  };
}

function configuration({ facts }: CommandContext): CommandFields {
  const { configuration } = facts;
  return {
    client_port: configuration.clientPort,
    data_dir: configuration.dataDirectory,
    data_log_dir: configuration.logDirectory,
    tick_time: configuration.tickMs,
    max_client_cnxns: configuration.connectionsPerAddressMax,
    min_session_timeout: configuration.sessionTimeoutMsMin,
    max_session_timeout: configuration.sessionTimeoutMsMax,
    server_id: configuration.serverId,
    client_port_listen_backlog: -1,
  };
}
