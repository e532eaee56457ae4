import { NO_SESSION, type ServerId, type SessionId } from '@corral/primitives';
import { ErrorCode } from '@corral/model';
import type { QuorumMessage, SessionTouch } from '@corral/zab';
import type { Session, SessionTracker } from '@corral/znode';
import type { Pending } from '../commit-queue.js';
import type { Connection } from '../connection.js';
import { Holders } from '../holders.js';
import type { Clock, SessionPasswords } from '../ports.js';
import { SessionIds } from '../session-ids.js';
import type { SessionClaim, Sessions } from '../sessions.js';
import type { ForwardQueue } from './forward-queue.js';

/** What a learner needs to keep sessions. */
export interface LearnerSessionsInputs {
  readonly serverId: ServerId;
  /** All sessions of the ensemble, as the applied transactions tell; nobody expires them here. */
  readonly tracker: SessionTracker;
  readonly clock: Clock;
  readonly passwords: SessionPasswords;
  readonly forward: ForwardQueue;
  readonly sendToLeader: (message: QuorumMessage) => void;
  readonly complete: (pending: Pending) => void;
  readonly closeConnection: (connection: Connection) => void;
}

/** A client that came with a session of which the leader is asked. */
interface Revalidation {
  readonly connection: Connection;
  readonly claim: SessionClaim;
  readonly pending: Pending;
}

const NO_BYTES = Buffer.alloc(0);

/** The sessions of a learner's clients. The leader opens, ends and times them; here is noted who was heard, for the next ping. */
export class LearnerSessions implements Sessions {
  readonly #in: LearnerSessionsInputs;
  readonly #holders: Holders;
  readonly #ids: SessionIds;
  #touched = new Map<SessionId, number>();
  readonly #revalidations = new Map<SessionId, Revalidation[]>();

  constructor(inputs: LearnerSessionsInputs) {
    this.#in = inputs;
    const { clock, serverId, tracker } = inputs;
    this.#holders = new Holders(inputs.closeConnection);
    this.#ids = new SessionIds(serverId, clock.wallClockMs(), (id) => tracker.get(id) !== undefined);
  }

  create(connection: Connection, timeoutMs: number, pending: Pending): void {
    const id = this.#ids.take();
    this.#holders.attach(connection, { id, timeoutMs, expiresAtMs: 0, closing: false });
    const request = Buffer.alloc(4);
    request.writeInt32BE(timeoutMs);
    this.#in.forward.forward(pending, id, connection, request);
  }

  reattach(connection: Connection, claim: SessionClaim, pending: Pending): boolean | 'later' {
    if (!this.#in.passwords.matches(claim.id, claim.password)) return false;
    const revalidation = { connection, claim, pending };
    const others = this.#revalidations.get(claim.id);
    if (others === undefined) this.#revalidations.set(claim.id, [revalidation]);
    else others.push(revalidation);
    this.#in.sendToLeader({ kind: 'revalidate', sessionId: claim.id, timeoutMs: claim.timeoutMs });
    return 'later';
  }

  /** The leader has said whether the session is alive. */
  revalidated(id: SessionId, isValid: boolean): void {
    const waiting = this.#revalidations.get(id);
    const first = waiting?.shift();
    if (waiting === undefined || first === undefined) return;
    if (waiting.length === 0) this.#revalidations.delete(id);
    const { connection, claim, pending } = first;
    if (connection.closed) return;
    if (isValid) {
      this.#holders.attach(connection, { id, timeoutMs: claim.timeoutMs, expiresAtMs: 0, closing: false });
      this.#touched.set(id, claim.timeoutMs);
      this.#in.complete(pending);
    } else {
      this.#in.complete({ ...pending, refusal: ErrorCode.sessionExpired });
    }
  }

  touch(session: Session): void {
    this.#touched.set(session.id, session.timeoutMs);
  }

  /** The sessions that were heard since the last time. */
  takeTouches(): SessionTouch[] {
    const touches = Array.from(this.#touched, ([sessionId, timeoutMs]) => ({ sessionId, timeoutMs }));
    this.#touched = new Map();
    return touches;
  }

  close(session: Session, pending: Pending): void {
    session.closing = true;
    if (pending.connection !== undefined) this.#in.forward.forward(pending, session.id, pending.connection, NO_BYTES);
  }

  /** A session was opened, here or elsewhere. */
  opened(id: SessionId, timeoutMs: number): void {
    this.#in.tracker.add(id, timeoutMs, this.#in.clock.monotonicMs());
  }

  closed(id: SessionId, spared: Connection | undefined): void {
    this.#in.tracker.remove(id);
    this.#holders.closed(id, spared);
  }

  release(connection: Connection): void {
    if (connection.sessionId !== NO_SESSION) this.#in.forward.forget(connection);
    this.#holders.release(connection);
  }
}
