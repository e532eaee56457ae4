import type { SessionId, Zxid } from '@corral/primitives';
import type { EnsembleStatus } from './ensemble/ensemble-status.js';

/** What a member does at the moment. `read-only`: it still answers reads, but can make nothing durable (disk full, failed sync) or has no quorum. `looking`: it is in no ensemble at the moment. */
export type MemberMode = 'standalone' | 'leader' | 'follower' | 'observer' | 'looking' | 'read-only';

/** One moment's figures of a member, for four-letter words, the admin pages and metrics. Counters count from the start or the last reset. */
export interface MemberStatus {
  readonly mode: MemberMode;
  /** Absent for a member that stands alone. */
  readonly ensemble: EnsembleStatus | undefined;
  /** Why the member is read-only. */
  readonly failure: Error | undefined;
  readonly lastZxid: Zxid;
  /** What the tree on disk shows; the log holds the rest. */
  readonly flushedZxid: Zxid;
  readonly znodeCount: number;
  readonly ephemeralCount: number;
  /** Bytes of all paths and data. */
  readonly dataSizeBytes: number;
  readonly sessionCount: number;
  readonly connectionCount: number;
  /** Watches, counting each pair of path and connection. */
  readonly watchCount: number;
  readonly watchedPathCount: number;
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Requests taken in and not yet answered. */
  readonly outstandingRequests: number;
  readonly outstandingRequestsMax: number;
  readonly requestLatency: LatencySummary;
  readonly watchEventsSent: number;
  readonly sessionsExpired: number;
  readonly connectionsRejected: number;
  readonly connectionsDropped: number;
  readonly authFailures: number;
}

/** Milliseconds from a request's arrival to its reply. */
export interface LatencySummary {
  readonly minMs: number;
  readonly avgMs: number;
  readonly maxMs: number;
  readonly count: number;
}

/** One client connection. */
export interface ConnectionStatus {
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** 0 before the handshake. */
  readonly sessionId: SessionId;
  readonly timeoutMs: number;
  readonly establishedAtMs: number;
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly outstandingRequests: number;
  readonly lastOperation: string;
  readonly lastCxid: number;
  readonly lastZxid: Zxid;
  readonly lastResponseAtMs: number;
  readonly latency: LatencySummary;
  readonly lastLatencyMs: number;
}

/** One session: who, how long, what it owns. */
export interface SessionStatus {
  readonly sessionId: SessionId;
  readonly timeoutMs: number;
  /** Wall clock; when it ends if it is not heard of again. */
  readonly expiresAtMs: number;
  readonly ephemerals: readonly string[];
}

/** Where four-letter words, admin pages and metrics read from. */
export interface StatusSource {
  status(): MemberStatus;
  connections(): Iterable<ConnectionStatus>;
  sessions(): Iterable<SessionStatus>;
  /** Paths and the sessions that watch them. */
  watchesByPath(): Iterable<readonly [string, readonly SessionId[]]>;
  /** Sessions and the paths that they watch. */
  watchesBySession(): Iterable<readonly [SessionId, readonly string[]]>;
  /** Sets the counters and latencies back to zero (`srst`, `crst`). */
  resetStatistics(): void;
  resetConnectionStatistics(): void;
}

/** What the listener counts; the member only passes it on. */
export interface TrafficCounters {
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Connections over a limit, turned away at the door. */
  readonly connectionsRejected: number;
  /** Connections ended because the client broke the protocol or did not take what was sent to it. */
  readonly connectionsDropped: number;
}

/** Where the member reports durations; Prometheus histograms implement it, tests leave it out. */
export interface Metrics {
  /** One group commit: how long write and sync took and how many transactions shared it. */
  logSynced(durationMs: number, transactions: number, sizeBytes: number): void;
  /** One turn's replies: `count` requests of one kind that took `latencyMs`. */
  requestsAnswered(kind: 'read' | 'write', latencyMs: number, count: number): void;
  /** The tree was written behind the log. */
  treeFlushed(durationMs: number, records: number): void;
  /** A tree that came from the leader could not be stored, for want of space or because it is none; it will be asked for again. */
  treeNotTaken(): void;
}
