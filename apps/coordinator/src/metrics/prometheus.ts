/** The metrics as Prometheus reads them. Nothing here runs between two scrapes. */
import type { EnsembleStatus, LearnerStatus, MemberMode, MemberStatus, StatusSource } from '@corral/member';
import { collectDefaultMetrics, type Metric, Registry } from 'prom-client';
import type { Histogram } from './histogram.js';
import type { MemberMetrics } from './member-metrics.js';

/** How often the event loop's delay is sampled; the default of 10 ms would wake an idle process a hundred times a second. */
const EVENT_LOOP_SAMPLE_MS = 100;

const MODES: readonly MemberMode[] = ['standalone', 'leader', 'follower', 'observer', 'looking', 'read-only'];

type Figure = readonly [
  type: 'gauge' | 'counter',
  name: string,
  help: string,
  read: (status: MemberStatus, metrics: MemberMetrics) => number,
];

const FIGURES: readonly Figure[] = [
  ['gauge', 'corral_znodes', 'Znodes in the tree', (status) => status.znodeCount],
  ['gauge', 'corral_ephemeral_znodes', 'Ephemeral znodes in the tree', (status) => status.ephemeralCount],
  ['gauge', 'corral_data_bytes', 'Bytes of all paths and data in the tree', (status) => status.dataSizeBytes],
  ['gauge', 'corral_sessions', 'Sessions alive', (status) => status.sessionCount],
  ['gauge', 'corral_connections', 'Client connections', (status) => status.connectionCount],
  ['gauge', 'corral_watches', 'Watches, counting each pair of path and connection', (status) => status.watchCount],
  ['gauge', 'corral_watched_paths', 'Paths with at least one watch', (status) => status.watchedPathCount],
  [
    'gauge',
    'corral_outstanding_requests',
    'Requests taken in and not yet answered',
    (status) => status.outstandingRequests,
  ],
  [
    'gauge',
    'corral_outstanding_requests_max',
    'The most that were outstanding at once',
    (status) => status.outstandingRequestsMax,
  ],
  ['gauge', 'corral_last_zxid', 'The newest transaction applied', (status) => status.lastZxid],
  [
    'gauge',
    'corral_flushed_zxid',
    'The newest transaction that the tree on disk shows',
    (status) => status.flushedZxid,
  ],
  ['counter', 'corral_packets_received_total', 'Requests received', (status) => status.packetsReceived],
  ['counter', 'corral_packets_sent_total', 'Replies and events sent', (status) => status.packetsSent],
  ['counter', 'corral_received_bytes_total', 'Bytes received from clients', (status) => status.bytesReceived],
  ['counter', 'corral_sent_bytes_total', 'Bytes sent to clients', (status) => status.bytesSent],
  ['counter', 'corral_watch_events_total', 'Watch events sent', (status) => status.watchEventsSent],
  ['counter', 'corral_sessions_expired_total', 'Sessions that expired', (status) => status.sessionsExpired],
  [
    'counter',
    'corral_connections_rejected_total',
    'Connections refused over a limit',
    (status) => status.connectionsRejected,
  ],
  [
    'counter',
    'corral_connections_dropped_total',
    'Connections closed for what they did',
    (status) => status.connectionsDropped,
  ],
  ['counter', 'corral_auth_failures_total', 'Failed authentications', (status) => status.authFailures],
  [
    'counter',
    'corral_slow_log_syncs_total',
    'Log syncs over the warning threshold',
    (_status, metrics) => metrics.slowLogSyncs,
  ],
  [
    'counter',
    'corral_trees_not_taken_total',
    'Trees from the leader that could not be stored',
    (_status, metrics) => metrics.treesNotTaken,
  ],
];

/** Answers scrapes. `process.*` metrics begin with its construction. */
export class PrometheusMetrics {
  readonly #registry = new Registry();
  readonly contentType: string = this.#registry.contentType;
  readonly #source: () => StatusSource | undefined;
  /** The figures of the scrape that is being answered: one moment for all of them. */
  #status: MemberStatus | undefined;

  constructor(source: () => StatusSource | undefined, metrics: MemberMetrics) {
    this.#source = source;
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLE_MS });
    for (const [type, name, help, read] of FIGURES) {
      this.#register(name, help, type, () => {
        const status = this.#status;
        return status === undefined ? [] : [{ value: read(status, metrics), labels: {} }];
      });
    }
    this.#register('corral_mode', '1 for what the member is at the moment', 'gauge', () => {
      const mode = this.#status?.mode;
      return MODES.map((candidate) => ({ value: candidate === mode ? 1 : 0, labels: { mode: candidate } }));
    });
    this.#registerEnsemble();
    this.#registerHistograms(metrics);
  }

  /** Nothing of it is there for a member that stands alone. */
  #registerEnsemble(): void {
    const figures: readonly (readonly [string, string, (status: EnsembleStatus) => number | null])[] = [
      ['corral_epoch', 'The epoch of the leader that the member leads as or follows', ({ state }) => state.epoch],
      ['corral_leader_id', 'The number of the leader', ({ state }) => state.leader],
      ['corral_logged_zxid', 'The newest transaction in the log', ({ loggedZxid }) => loggedZxid],
      ['corral_committed_zxid', 'The newest transaction known to be committed', ({ committedZxid }) => committedZxid],
      ['corral_quorum_size', 'Members that vote', ({ quorumSize }) => quorumSize],
    ];
    for (const [name, help, read] of figures) {
      this.#register(name, help, 'gauge', () => {
        const ensemble = this.#status?.ensemble;
        const value = ensemble === undefined ? null : read(ensemble);
        return value === null ? [] : [{ value, labels: {} }];
      });
    }
    const ofLearners = (name: string, help: string, read: (learner: LearnerStatus) => number): void => {
      this.#register(name, help, 'gauge', () =>
        (this.#status?.ensemble?.learners ?? []).map((learner) => ({
          value: read(learner),
          labels: { member: learner.serverId ?? learner.remote, role: learner.role },
        })),
      );
    };
    ofLearners('corral_learner_synced', "1 for a learner that has the leader's history", ({ isSynced }) =>
      Number(isSynced),
    );
    ofLearners('corral_learner_lag', 'Transactions that a learner has not acknowledged', ({ lag }) => lag);
    ofLearners(
      'corral_learner_unsent_bytes',
      'Bytes that wait to be sent to a learner',
      ({ unsentBytes }) => unsentBytes,
    );
  }

  /** The text of a scrape. */
  scrape(): Promise<string> {
    this.#status = this.#source()?.status();
    return this.#registry.metrics();
  }

  #registerHistograms(metrics: MemberMetrics): void {
    const help = 'Seconds from the arrival of a request to its reply';
    this.#register('corral_request_duration_seconds', help, 'histogram', (name) => [
      ...samplesOf(name, metrics.readLatencySeconds, { kind: 'read' }),
      ...samplesOf(name, metrics.writeLatencySeconds, { kind: 'write' }),
    ]);
    const plain: readonly (readonly [string, string, Histogram])[] = [
      ['corral_log_sync_duration_seconds', 'Seconds that one group commit took', metrics.logSyncSeconds],
      ['corral_log_sync_transactions', 'Transactions that shared one group commit', metrics.logSyncTransactions],
      ['corral_log_sync_bytes', 'Bytes of one group commit', metrics.logSyncBytes],
      ['corral_tree_flush_duration_seconds', 'Seconds that one flush of the tree took', metrics.treeFlushSeconds],
      ['corral_tree_flush_records', 'Records that one flush of the tree wrote', metrics.treeFlushRecords],
    ];
    for (const [name, text, histogram] of plain) {
      this.#register(name, text, 'histogram', () => samplesOf(name, histogram, {}));
    }
  }

  /** The registry asks each metric for its samples when it is scraped; prom-client's own classes keep them per call instead. */
  #register(name: string, help: string, type: string, samples: (name: string) => Sample[]): void {
    const metric = {
      name,
      help,
      type,
      aggregator: 'sum',
      get: () => ({ name, help, type, aggregator: 'sum', values: samples(name) }),
    };
    this.#registry.registerMetric(metric as unknown as Metric);
  }
}

interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly metricName?: string;
}

function samplesOf(name: string, histogram: Histogram, labels: Readonly<Record<string, string>>): Sample[] {
  const counts = histogram.cumulativeCounts();
  return [
    ...histogram.bounds.map((bound, bucket) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le: bound },
      value: counts[bucket] ?? 0,
    })),
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: histogram.count },
    { metricName: `${name}_sum`, labels, value: histogram.sum },
    { metricName: `${name}_count`, labels, value: histogram.count },
  ];
}
