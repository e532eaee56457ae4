import type { SessionId } from '@corral/primitives';
import type { Session } from '@corral/znode';
import type { Pending } from './commit-queue.js';
import type { Connection } from './connection.js';

/** What a member does about its clients' sessions; a leader by itself, a learner by asking the leader. */
export interface Sessions {
  /** Opens a session for the connection; the answer leaves once it is durable. */
  create(connection: Connection, timeoutMs: number, pending: Pending): void;
  /**
   * Takes a session up on another connection. Says whether it is still there and the password is right; `later`, when somebody else is asked
   * and `pending` is completed after that; or `elsewhere`, when nobody can tell here.
   */
  reattach(connection: Connection, claim: SessionClaim, pending: Pending): boolean | 'later' | 'elsewhere';
  /** The client was heard. */
  touch(session: Session, nowMs: number): void;
  /** Ends a session, for its client (`pending`) or because it was not heard of. */
  close(session: Session, pending: Pending): void;
  /** The transaction that ended a session is applied; whoever holds it is ended, save `spared`, which still gets its answer. */
  closed(id: SessionId, spared: Connection | undefined): void;
  /** The connection is gone; its session lives on until somebody takes it up or it expires. */
  release(connection: Connection): void;
}

/** What a client that comes back says of its session. */
export interface SessionClaim {
  readonly id: SessionId;
  readonly password: Uint8Array;
  readonly timeoutMs: number;
}
