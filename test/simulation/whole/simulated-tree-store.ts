import type { Zxid } from '@corral/primitives';
import { MemoryTreeStore } from '@corral/storage-memory';

/** What a store tells the process that works with it. */
export interface StoreHooks {
  /** A transaction is in the tree. */
  readonly applied: (zxid: Zxid) => void;
  /** A flush has begun; whoever hears this ends it. */
  readonly flushing: () => void;
}

const NO_HOOKS: StoreHooks = { applied: () => undefined, flushing: () => undefined };

/** A tree in memory whose flushes take time, and which asks its owner to wait when it has fallen behind. */
export class SimulatedTreeStore extends MemoryTreeStore {
  /** Of the process that is running. */
  hooks = NO_HOOKS;
  /** So many transactions may be applied while a flush is under way. */
  readonly #behindMax: number;
  #appliedZxid = 0 as Zxid;
  #sinceFlush = 0;

  constructor(behindMax: number) {
    super({ flushesLater: true });
    this.#behindMax = behindMax;
  }

  get isBehind(): boolean {
    return this.isFlushing && this.#sinceFlush > this.#behindMax;
  }

  override transactionApplied(): void {
    const { appliedZxid } = this.state;
    // The znodes that a tree begins with are no transaction.
    if (appliedZxid <= this.#appliedZxid) return;
    this.#appliedZxid = appliedZxid;
    this.#sinceFlush += 1;
    this.hooks.applied(appliedZxid);
  }

  override flush(): void {
    if (this.isFlushing) return;
    super.flush();
    this.#sinceFlush = 0;
    this.hooks.flushing();
  }

  override crash(): void {
    super.crash();
    this.#appliedZxid = this.state.appliedZxid;
    this.#sinceFlush = 0;
  }

  /** All that was put in so far is what the leader's tree shows as of `zxid`, and is durable. */
  completeAs(zxid: Zxid): void {
    this.state.appliedZxid = zxid;
    this.#appliedZxid = zxid;
    super.flush();
    this.completeFlush();
  }
}
