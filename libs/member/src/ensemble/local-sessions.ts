import { formatSessionId, type Logger, type ServerId, type SessionId } from '@corral/primitives';
import type { Session, SessionTracker, Tree } from '@corral/znode';
import type { Pending } from '../commit-queue.js';
import type { Connection } from '../connection.js';
import { Holders } from '../holders.js';
import type { Clock, SessionPasswords } from '../ports.js';
import { SessionIds } from '../session-ids.js';
import type { SessionClaim, Sessions } from '../sessions.js';
import type { MemberStatistics } from '../statistics.js';

/** What a member without a quorum needs to keep sessions. */
export interface LocalSessionsInputs {
  readonly serverId: ServerId;
  readonly tree: Pick<Tree<Connection>, 'sessions'>;
  readonly tracker: SessionTracker;
  readonly clock: Clock;
  readonly passwords: SessionPasswords;
  readonly statistics: MemberStatistics;
  readonly logger: Logger;
  /** Answers a request that waits for nothing. */
  readonly complete: (pending: Pending) => void;
  /** Sends what is due to a connection and ends it. */
  readonly closeConnection: (connection: Connection) => void;
}

/** Sessions that this member alone knows, for as long as it has no quorum. No transaction tells of them, and they own no znode. */
export class LocalSessions implements Sessions {
  readonly #in: LocalSessionsInputs;
  readonly #holders: Holders;
  readonly #ids: SessionIds;
  /** The sessions of the ensemble. The tree does not change while this member has no quorum. */
  readonly #ofEnsemble: ReadonlySet<SessionId>;

  constructor(inputs: LocalSessionsInputs) {
    this.#in = inputs;
    const { clock, serverId, tracker, tree } = inputs;
    this.#ofEnsemble = new Set(Array.from(tree.sessions(), ([id]) => id));
    this.#holders = new Holders(inputs.closeConnection);
    const isInUse = (id: SessionId): boolean => tracker.get(id) !== undefined || this.#ofEnsemble.has(id);
    this.#ids = new SessionIds(serverId, clock.wallClockMs(), isInUse);
  }

  create(connection: Connection, timeoutMs: number, pending: Pending): void {
    const { clock, complete, tracker } = this.#in;
    this.#holders.attach(connection, tracker.add(this.#ids.take(), timeoutMs, clock.monotonicMs()));
    complete(pending);
  }

  /**
   * A session of the ensemble may be alive among the others: here nobody can tell whether it is, nor keep it so. One that neither they nor this
   * member knew is over, as ZooKeeper has it.
   */
  reattach(connection: Connection, { id, password, timeoutMs }: SessionClaim): boolean | 'elsewhere' {
    const { clock, passwords, tracker } = this.#in;
    if (this.#ofEnsemble.has(id)) return 'elsewhere';
    const session = tracker.get(id);
    if (session === undefined || session.closing || !passwords.matches(id, password)) return false;
    tracker.touch(session, timeoutMs, clock.monotonicMs());
    this.#holders.attach(connection, session);
    return true;
  }

  touch(session: Session, nowMs: number): void {
    this.#in.tracker.touch(session, session.timeoutMs, nowMs);
  }

  close(session: Session, pending: Pending): void {
    const { connection } = pending;
    session.closing = true;
    this.closed(session.id, connection);
    // After its answer the connection has nothing to wait for.
    if (connection !== undefined) connection.ended = true;
    this.#in.complete(pending);
  }

  /** Ends the sessions whose time is up. */
  expire(nowMs: number): void {
    const { logger, statistics, tracker } = this.#in;
    for (const { id, timeoutMs } of tracker.expire(nowMs)) {
      statistics.sessionsExpired += 1;
      logger('info', 'read-only session expired', { session: formatSessionId(id), timeoutMs });
      this.closed(id, undefined);
    }
  }

  closed(id: SessionId, spared: Connection | undefined): void {
    this.#in.tracker.remove(id);
    this.#holders.closed(id, spared);
  }

  release(connection: Connection): void {
    this.#holders.release(connection);
  }
}
