import type { SessionId, Zxid } from '@corral/primitives';

/** What is known of a znode beside its data. */
export interface Stat {
  /** The transaction that created it. */
  readonly czxid: Zxid;
  /** The transaction that last changed its data. */
  readonly mzxid: Zxid;
  /** When it was created, wall clock of the leader. */
  readonly ctimeMs: number;
  /** When its data last changed, wall clock of the leader. */
  readonly mtimeMs: number;
  /** How often its data has changed. */
  readonly version: number;
  /** How often its children have come and gone. */
  readonly cversion: number;
  /** How often its ACL has changed. */
  readonly aversion: number;
  /** The session that owns it, 0 when it is persistent; containers and TTL znodes mark themselves here (see `ephemeral-owner.ts`). */
  readonly ephemeralOwner: SessionId;
  /** Bytes of data. */
  readonly dataLength: number;
  readonly numChildren: number;
  /** The transaction that last created or deleted a child. */
  readonly pzxid: Zxid;
}
