import type { WordContext } from './four-letter-word.js';
import { decimal, whole } from './java-text.js';
import { zookeeperNodeCount } from './node-count.js';
import type { ServerFigures } from './report-source.js';

/**
 * The figures that monitoring reads, as names without the prefix `zk_`. Values are texts, ready to print.
 * Names are Apache's; those of its threads and internal queues are left out, because Corral has nothing behind them.
 */
export function monitorValues({ source, facts, nowMs }: WordContext): (readonly [string, string])[] {
  const status = source.status();
  const { minMs, avgMs, maxMs } = status.requestLatency;
  const files = facts.openFiles();
  // A member that is cut off from its ensemble has sessions of its own, and cannot tell which others are alive.
  const areLocal = status.mode === 'read-only' && status.ensemble !== undefined;
  return [
    ['version', facts.version],
    ['server_state', status.mode],
    ['ephemerals_count', String(status.ephemeralCount)],
    ['num_alive_connections', String(status.connectionCount)],
    ['avg_latency', decimal(avgMs)],
    ['outstanding_requests', String(status.outstandingRequests)],
    ['znode_count', String(zookeeperNodeCount(status))],
    ['global_sessions', areLocal ? '0' : String(status.sessionCount)],
    ['packets_sent', String(status.packetsSent)],
    ['packets_received', String(status.packetsReceived)],
    ['watch_count', String(status.watchCount)],
    ['auth_failed_count', String(status.authFailures)],
    ['min_latency', whole(minMs)],
    ['max_file_descriptor_count', String(files.max)],
    ['approximate_data_size', String(status.dataSizeBytes)],
    ['open_file_descriptor_count', String(files.open)],
    ['local_sessions', areLocal ? String(status.sessionCount) : '0'],
    ['uptime', whole(nowMs - facts.startedAtMs)],
    ['max_latency', whole(maxMs)],
    ['connection_rejected', String(status.connectionsRejected)],
    ['connection_drop_count', String(status.connectionsDropped)],
    ['bytes_received_count', String(status.bytesReceived)],
    ['response_bytes', String(status.bytesSent)],
    ['stale_sessions_expired', String(status.sessionsExpired)],
    ...ensembleValues(status),
  ];
}

/** What a leader tells about those that follow it; the rest of an ensemble tells how large it is. */
function ensembleValues({ ensemble, mode }: ServerFigures): (readonly [string, string])[] {
  if (ensemble === undefined) return [];
  const { learners, pendingSyncs, quorumSize } = ensemble;
  const size = ['quorum_size', String(quorumSize)] as const;
  if (mode !== 'leader') return [size, ['pending_syncs', String(pendingSyncs)]];
  const count = (role: 'follower' | 'observer', onlySynced: boolean): string =>
    String(learners.filter((learner) => learner.role === role && (learner.isSynced || !onlySynced)).length);
  return [
    size,
    ['learners', String(learners.length)],
    ['followers', count('follower', false)],
    ['synced_followers', count('follower', true)],
    ['synced_observers', count('observer', true)],
    ['pending_syncs', String(pendingSyncs)],
  ];
}

/** One figure a line, name and value with a tab between them. */
export function answerMntr(context: WordContext): string {
  return monitorValues(context)
    .map(([name, value]) => `zk_${name}\t${value}\n`)
    .join('');
}
