import type { ServerId, Zxid } from '@corral/primitives';
import type { Applied } from './disk.js';

/** A client's wish: add `id` to the end of everything. It is told the place where it ended up. */
export interface Append {
  readonly id: string;
  /** It is committed and applied. */
  readonly done: (place: number) => void;
  /** Nobody knows, or it was refused. */
  readonly failed: () => void;
}

/** What faults and checkers need of a member's disk. */
export interface MemberDisk {
  /** The newest transaction, durable or not. */
  readonly lastZxid: Zxid;
  /** Everything that the tree in memory shows, in order. */
  readonly applied: readonly Applied[];
  /** Whether a crash cannot take this transaction. */
  hasDurably(zxid: Zxid, text: string): boolean;
  /** The whole history, durable or not, oldest first. */
  history(): Applied[];
  /** The disk is replaced by an empty one. */
  wipe(): void;
}

/** What the world needs of a member, whatever is inside. */
export interface Member {
  readonly serverId: ServerId;
  readonly isParticipant: boolean;
  readonly disk: MemberDisk;
  /** Whether its process runs. */
  readonly isUp: boolean;
  /** Whether clients are served, and as what. */
  readonly serves: 'leading' | 'following' | 'observing' | undefined;
  readonly epoch: number | null;
  start(): void;
  /** The process dies at once. */
  crash(): void;
  /** The process stands still, and goes on later with all that came in between. */
  pause(): void;
  resume(): void;
  /** How long the disk takes for a sync from now on. */
  setDiskDelay(delayMs: number): void;
  /** The next sync fails, and the process with it. */
  failNextSync(): void;
  /** What it says of itself, for people. */
  describe(): string;
}

/** A member whose clients append. */
export interface AppendingMember extends Member {
  append(request: Append): void;
}

/** What a member tells whoever watches. Watchers throw when a promise is broken. */
export interface Witness {
  started(member: Member): void;
  proposed(member: Member, transaction: Applied, epoch: number): void;
  applied(member: Member, transaction: Applied): void;
  installed(member: Member): void;
  /** A leader's epoch was accepted by a quorum. */
  epochAgreed(member: Member, epoch: number): void;
  /** A leader begins to serve. */
  established(member: Member, epoch: number): void;
}
