import type { SessionId, Zxid } from '@corral/primitives';

/**
 * What four-letter words tell about: the port that this folder declares and a member implements.
 * Only what some word prints is here; the figures are those of one moment.
 */
export interface ReportSource {
  status(): ServerFigures;
  connections(): Iterable<ConnectionFigures>;
  sessions(): Iterable<SessionFigures>;
  watchesByPath(): Iterable<readonly [string, readonly SessionId[]]>;
  watchesBySession(): Iterable<readonly [SessionId, readonly string[]]>;
  resetStatistics(): void;
  resetConnectionStatistics(): void;
}

/** The server as a whole. */
export interface ServerFigures {
  readonly mode: string;
  /** Absent for a member that stands alone. */
  readonly ensemble?: EnsembleFigures | undefined;
  readonly lastZxid: Zxid;
  readonly znodeCount: number;
  readonly ephemeralCount: number;
  readonly dataSizeBytes: number;
  readonly sessionCount: number;
  readonly connectionCount: number;
  readonly watchCount: number;
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly outstandingRequests: number;
  readonly requestLatency: LatencyFigures;
  readonly sessionsExpired: number;
  readonly connectionsRejected: number;
  readonly connectionsDropped: number;
  readonly authFailures: number;
}

/** A member's place in its ensemble. */
export interface EnsembleFigures {
  readonly quorumSize: number;
  readonly pendingSyncs: number;
  /** Of a leader. */
  readonly learners: readonly { readonly role: 'follower' | 'observer'; readonly isSynced: boolean }[];
}

/** Milliseconds that requests took. */
export interface LatencyFigures {
  readonly minMs: number;
  readonly avgMs: number;
  readonly maxMs: number;
}

/** One client connection. */
export interface ConnectionFigures {
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
  readonly latency: LatencyFigures;
  readonly lastLatencyMs: number;
}

/** One session. */
export interface SessionFigures {
  readonly sessionId: SessionId;
  readonly timeoutMs: number;
  /** Wall clock. */
  readonly expiresAtMs: number;
  readonly ephemerals: readonly string[];
}
