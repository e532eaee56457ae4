import type { Metrics } from '@corral/member';
import type { Logger } from '../logging/line-logger.js';
import { Histogram } from './histogram.js';

const MS_PER_SECOND = 1_000;

/** Seconds: from a read out of memory to a disk that has trouble. */
const DURATION_BOUNDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const BATCH_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096];
const BYTES_BOUNDS = [256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216];
const RECORDS_BOUNDS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** What the member reports while it works: called once per turn of its loop and per write to disk, never per request. */
export class MemberMetrics implements Metrics {
  readonly readLatencySeconds = new Histogram(DURATION_BOUNDS);
  readonly writeLatencySeconds = new Histogram(DURATION_BOUNDS);
  readonly logSyncSeconds = new Histogram(DURATION_BOUNDS);
  readonly logSyncTransactions = new Histogram(BATCH_BOUNDS);
  readonly logSyncBytes = new Histogram(BYTES_BOUNDS);
  readonly treeFlushSeconds = new Histogram(DURATION_BOUNDS);
  readonly treeFlushRecords = new Histogram(RECORDS_BOUNDS);
  /** How often a log sync took longer than the configuration finds normal. */
  slowLogSyncs = 0;
  /** How often a tree from the leader could not be stored. */
  treesNotTaken = 0;

  readonly #log: Logger;
  readonly #logSyncWarningMs: number;

  constructor(log: Logger, logSyncWarningMs: number) {
    this.#log = log;
    this.#logSyncWarningMs = logSyncWarningMs;
  }

  logSynced(durationMs: number, transactions: number, sizeBytes: number): void {
    this.logSyncSeconds.observe(durationMs / MS_PER_SECOND);
    this.logSyncTransactions.observe(transactions);
    this.logSyncBytes.observe(sizeBytes);
    if (durationMs < this.#logSyncWarningMs) return;
    this.slowLogSyncs += 1;
    this.#log('warn', 'the transaction log was slow to reach the disk, and every write waits for it', {
      durationMs: Math.round(durationMs),
      transactions,
    });
  }

  requestsAnswered(kind: 'read' | 'write', latencyMs: number, count: number): void {
    const histogram = kind === 'read' ? this.readLatencySeconds : this.writeLatencySeconds;
    histogram.observe(latencyMs / MS_PER_SECOND, count);
  }

  treeNotTaken(): void {
    this.treesNotTaken += 1;
  }

  treeFlushed(durationMs: number, records: number): void {
    this.treeFlushSeconds.observe(durationMs / MS_PER_SECOND);
    this.treeFlushRecords.observe(records);
  }
}
