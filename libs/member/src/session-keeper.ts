import { formatSessionId, type Logger, type ServerId, type SessionId } from '@corral/primitives';
import { OpCode } from '@corral/model';
import { prepareCloseSession, type PrepareContext, type Session, type SessionTracker, type Tree } from '@corral/znode';
import { type CommitQueue, ownRequest, type Pending } from './commit-queue.js';
import type { Connection } from './connection.js';
import { Holders } from './holders.js';
import type { Clock, SessionPasswords } from './ports.js';
import { SessionIds } from './session-ids.js';
import type { SessionClaim, Sessions } from './sessions.js';
import type { MemberStatistics } from './statistics.js';

/** What the keeper of sessions works with. */
export interface SessionKeeperInputs {
  readonly serverId: ServerId;
  readonly tree: Tree<Connection>;
  readonly prepare: PrepareContext;
  readonly tracker: SessionTracker;
  readonly commit: CommitQueue;
  /** Whether there is a number for another transaction. */
  readonly canPropose: () => boolean;
  readonly statistics: MemberStatistics;
  readonly clock: Clock;
  readonly passwords: SessionPasswords;
  readonly logger: Logger;
  /** Sends what is due to a connection and ends it. */
  readonly closeConnection: (connection: Connection) => void;
}

/** Begins and ends the sessions of the ensemble, of which it alone knows who was heard when; and knows which connection here holds which. */
export class SessionKeeper implements Sessions {
  readonly #in: SessionKeeperInputs;
  readonly #holders: Holders;
  readonly #ids: SessionIds;

  /** Takes up the sessions of the tree. Each gets its whole timeout again: its client may have had nobody to talk to. */
  constructor(inputs: SessionKeeperInputs) {
    this.#in = inputs;
    const { clock, serverId, tracker, tree } = inputs;
    const nowMs = clock.monotonicMs();
    for (const [id, timeoutMs] of tree.sessions()) tracker.add(id, timeoutMs, nowMs);
    this.#holders = new Holders(inputs.closeConnection);
    this.#ids = new SessionIds(serverId, clock.wallClockMs(), (id) => tracker.get(id) !== undefined);
  }

  create(connection: Connection, timeoutMs: number, pending: Pending): void {
    const id = this.#ids.take();
    this.#holders.attach(connection, this.open(id, timeoutMs, pending));
  }

  /** Opens a session under a number that somebody has given out. */
  open(id: SessionId, timeoutMs: number, pending: Pending): Session {
    const { clock, commit, tracker } = this.#in;
    const session = tracker.add(id, timeoutMs, clock.monotonicMs());
    commit.propose(pending, id, clock.wallClockMs(), { type: OpCode.createSession, timeoutMs });
    return session;
  }

  reattach(connection: Connection, { id, password, timeoutMs }: SessionClaim): boolean {
    const { clock, passwords, tracker } = this.#in;
    const session = tracker.get(id);
    if (session === undefined || session.closing || !passwords.matches(id, password)) return false;
    tracker.touch(session, timeoutMs, clock.monotonicMs());
    this.#holders.attach(connection, session);
    return true;
  }

  /** Whether a connection to this member holds the session. */
  isHeldHere(id: SessionId): boolean {
    return this.#holders.get(id) !== undefined;
  }

  /** Ends the connection to this member that holds the session: its client has gone to another one. */
  movedAway(id: SessionId): void {
    this.#holders.close(id);
  }

  touch(session: Session, nowMs: number): void {
    this.#in.tracker.touch(session, session.timeoutMs, nowMs);
  }

  close(session: Session, pending: Pending): void {
    session.closing = true;
    this.closeById(session.id, pending);
  }

  /** Ends a session whether it is known here or not. */
  closeById(id: SessionId, pending: Pending): void {
    const { clock, commit, prepare, tree } = this.#in;
    prepare.zxid = commit.nextZxid;
    commit.propose(pending, id, clock.wallClockMs(), prepareCloseSession(prepare, id, tree.owned));
  }

  /** Ends the sessions whose time is up; those for which no number is left go on, and are the next leader's. */
  expire(nowMs: number): void {
    const { canPropose, tracker } = this.#in;
    for (const session of tracker.expire(nowMs)) {
      if (!canPropose()) {
        session.closing = false;
        tracker.touch(session, session.timeoutMs, nowMs);
        continue;
      }
      this.#in.statistics.sessionsExpired += 1;
      const fields = { session: formatSessionId(session.id), timeoutMs: session.timeoutMs };
      this.#in.logger('info', 'session expired', fields);
      this.close(session, ownRequest(OpCode.closeSession, nowMs));
    }
  }

  closed(id: SessionId, spared: Connection | undefined): void {
    this.#in.tracker.remove(id);
    this.#holders.closed(id, spared);
  }

  /** The end of these sessions was proposed and could not be made durable: they go on. */
  revive(lost: readonly Pending[]): void {
    for (const { transaction, type } of lost) {
      const session = transaction === undefined ? undefined : this.#in.tracker.get(transaction.header.sessionId);
      if (type === OpCode.closeSession && session !== undefined) session.closing = false;
    }
  }

  release(connection: Connection): void {
    this.#holders.release(connection);
  }
}
