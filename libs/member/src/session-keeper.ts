import {
  firstSessionId,
  formatSessionId,
  type Logger,
  nextSessionId,
  type ServerId,
  type SessionId,
} from '@corral/primitives';
import { OpCode } from '@corral/model';
import { prepareCloseSession, type PrepareContext, type Session, type SessionTracker, type Tree } from '@corral/znode';
import type { Connection } from './connection.js';
import { type GroupCommit, ownRequest, type Pending } from './group-commit.js';
import type { Clock, SessionPasswords } from './ports.js';
import type { MemberStatistics } from './statistics.js';

/** What the keeper of sessions works with. */
export interface SessionKeeperInputs {
  readonly serverId: ServerId;
  readonly tree: Tree<Connection>;
  readonly prepare: PrepareContext;
  readonly tracker: SessionTracker;
  readonly commit: GroupCommit;
  readonly statistics: MemberStatistics;
  readonly clock: Clock;
  readonly passwords: SessionPasswords;
  readonly logger: Logger;
  /** Sends what is due to a connection and ends it. */
  readonly closeConnection: (connection: Connection) => void;
}

/** Begins and ends sessions, and knows which connection holds which. */
export class SessionKeeper {
  readonly #in: SessionKeeperInputs;
  readonly #holders = new Map<SessionId, Connection>();
  #nextId: SessionId;

  /** Takes up the sessions of the tree. Each gets its whole timeout again: its client may have had nobody to talk to. */
  constructor(inputs: SessionKeeperInputs) {
    this.#in = inputs;
    const { clock, serverId, tracker, tree } = inputs;
    const nowMs = clock.monotonicMs();
    for (const [id, timeoutMs] of tree.sessions()) tracker.add(id, timeoutMs, nowMs);
    this.#nextId = firstSessionId(serverId, clock.wallClockMs());
  }

  /** Opens a session for the connection; the answer leaves once it is durable. */
  create(connection: Connection, timeoutMs: number, pending: Pending): void {
    const { clock, commit, tracker } = this.#in;
    const id = this.#freeId();
    this.#attach(connection, tracker.add(id, timeoutMs, clock.monotonicMs()));
    commit.propose(pending, id, clock.wallClockMs(), { type: OpCode.createSession, timeoutMs });
  }

  /** The clock may have gone back over a restart, so an id that is in use is passed over. */
  #freeId(): SessionId {
    let id = this.#nextId;
    while (this.#in.tracker.get(id) !== undefined) id = nextSessionId(id);
    this.#nextId = nextSessionId(id);
    return id;
  }

  /** Takes a session up on another connection. Says whether it is still there and the password is right. */
  reattach(connection: Connection, id: SessionId, password: Uint8Array, timeoutMs: number): boolean {
    const { clock, passwords, tracker } = this.#in;
    const session = tracker.get(id);
    if (session === undefined || session.closing || !passwords.matches(id, password)) return false;
    this.#closeHolder(id);
    tracker.touch(session, timeoutMs, clock.monotonicMs());
    this.#attach(connection, session);
    return true;
  }

  #attach(connection: Connection, session: Session): void {
    connection.session = session;
    this.#holders.set(session.id, connection);
  }

  /** Ends a session, for its client (`pending`) or because it was not heard of. */
  close(session: Session, pending: Pending): void {
    const { clock, commit, prepare, tree } = this.#in;
    session.closing = true;
    prepare.zxid = commit.nextZxid;
    const change = prepareCloseSession(prepare, session.id, tree.owned);
    commit.propose(pending, session.id, clock.wallClockMs(), change);
  }

  /** Ends the sessions whose time is up. */
  expire(nowMs: number): void {
    for (const session of this.#in.tracker.expire(nowMs)) {
      this.#in.statistics.sessionsExpired += 1;
      const fields = { session: formatSessionId(session.id), timeoutMs: session.timeoutMs };
      this.#in.logger('info', 'session expired', fields);
      this.close(session, ownRequest(OpCode.closeSession, nowMs));
    }
  }

  /** The transaction that ended a session is applied; whoever holds it is ended, save `spared`, which still gets its answer. */
  closed(id: SessionId, spared: Connection | undefined): void {
    this.#in.tracker.remove(id);
    if (this.#holders.get(id) === spared) this.#holders.delete(id);
    else this.#closeHolder(id);
  }

  /** The end of these sessions was proposed and could not be made durable: they go on. */
  revive(lost: readonly Pending[]): void {
    for (const { transaction, type } of lost) {
      const session = transaction === undefined ? undefined : this.#in.tracker.get(transaction.header.sessionId);
      if (type === OpCode.closeSession && session !== undefined) session.closing = false;
    }
  }

  #closeHolder(id: SessionId): void {
    const holder = this.#holders.get(id);
    if (holder !== undefined) this.#in.closeConnection(holder);
  }

  /** The connection is gone; its session lives on until somebody takes it up or it expires. */
  release(connection: Connection): void {
    const { session } = connection;
    if (session !== undefined && this.#holders.get(session.id) === connection) this.#holders.delete(session.id);
  }
}
