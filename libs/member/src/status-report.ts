import type { SessionId } from '@corral/primitives';
import type { Session, SessionTracker, Tree } from '@corral/znode';
import type { Connection } from './connection.js';
import type { Clock } from './ports.js';
import type { MemberStatistics } from './statistics.js';
import type { EnsembleStatus } from './ensemble/ensemble-status.js';
import type {
  ConnectionStatus,
  MemberMode,
  MemberStatus,
  SessionStatus,
  StatusSource,
  TrafficCounters,
} from './status.js';

/** Where the figures come from. */
export interface StatusInputs {
  readonly tree: () => Tree<Connection>;
  readonly sessions: () => SessionTracker;
  readonly connections: ReadonlySet<Connection>;
  readonly statistics: MemberStatistics;
  readonly outstandingRequests: () => number;
  readonly flushedZxid: () => MemberStatus['flushedZxid'];
  readonly failure: () => Error | undefined;
  /** What the member does while it has not failed. */
  readonly mode: () => MemberMode;
  readonly ensemble: () => EnsembleStatus | undefined;
  readonly clock: Clock;
  readonly traffic: TrafficCounters;
}

/** The member's figures, gathered when somebody asks. */
export class StatusReport implements StatusSource {
  readonly #inputs: StatusInputs;

  constructor(inputs: StatusInputs) {
    this.#inputs = inputs;
  }

  status(): MemberStatus {
    const { connections, statistics, traffic } = this.#inputs;
    const tree = this.#inputs.tree();
    const failure = this.#inputs.failure();
    return {
      mode: failure === undefined ? this.#inputs.mode() : 'read-only',
      ensemble: this.#inputs.ensemble(),
      failure,
      lastZxid: tree.appliedZxid,
      flushedZxid: this.#inputs.flushedZxid(),
      znodeCount: tree.znodeCount,
      ephemeralCount: tree.owned.ephemeralCount,
      dataSizeBytes: tree.dataSizeBytes,
      sessionCount: this.#inputs.sessions().count,
      connectionCount: connections.size,
      watchCount: tree.dataWatches.count + tree.childWatches.count,
      watchedPathCount: tree.dataWatches.pathCount + tree.childWatches.pathCount,
      packetsReceived: statistics.packetsReceived,
      packetsSent: statistics.packetsSent,
      bytesReceived: traffic.bytesReceived,
      bytesSent: traffic.bytesSent,
      connectionsRejected: traffic.connectionsRejected,
      connectionsDropped: traffic.connectionsDropped,
      outstandingRequests: this.#inputs.outstandingRequests(),
      outstandingRequestsMax: statistics.outstandingRequestsMax,
      requestLatency: statistics.requestLatency.summary(),
      watchEventsSent: statistics.watchEventsSent,
      sessionsExpired: statistics.sessionsExpired,
      authFailures: statistics.authFailures,
    };
  }

  *connections(): Iterable<ConnectionStatus> {
    for (const connection of this.#inputs.connections) yield connection.status();
  }

  *sessions(): Iterable<SessionStatus> {
    const { clock } = this.#inputs;
    const toWallClockMs = clock.wallClockMs() - clock.monotonicMs();
    for (const session of this.#inputs.sessions().all()) yield this.#session(session, toWallClockMs);
  }

  #session(session: Session, toWallClockMs: number): SessionStatus {
    return {
      sessionId: session.id,
      timeoutMs: session.timeoutMs,
      expiresAtMs: session.expiresAtMs + toWallClockMs,
      ephemerals: [...this.#inputs.tree().owned.ofSession(session.id)],
    };
  }

  /** As in ZooKeeper these are the data watches; watches for children are only counted. */
  *watchesByPath(): Iterable<readonly [string, readonly SessionId[]]> {
    for (const [path, watchers] of this.#inputs.tree().dataWatches.paths()) {
      yield [path, Array.from(watchers, ({ sessionId }) => sessionId)];
    }
  }

  *watchesBySession(): Iterable<readonly [SessionId, readonly string[]]> {
    for (const [{ sessionId }, paths] of this.#inputs.tree().dataWatches.watchers()) yield [sessionId, [...paths]];
  }

  resetStatistics(): void {
    this.#inputs.statistics.reset();
  }

  resetConnectionStatistics(): void {
    for (const connection of this.#inputs.connections) connection.resetStatistics();
  }
}
