import type { Stat } from '@corral/model';
import type { Context } from '../context.js';
import type { PersistentListener } from '../watches/persistent-watches.js';
import { watchChildren } from './watch-value.js';

/** Whom to tell. */
export type UnseenChildrenListener = Pick<PersistentListener, 'onEvent' | 'onFailed'>;

/**
 * Tells of changes to a list of children that a recursive watch keeps to itself, because the client may not read the child that came or
 * went. Follows the list with one-shot watches, and compares how far its version has come with how many changes were told: of changes in
 * quick succession it tells one.
 */
export class UnseenChildren {
  readonly #path: string;
  readonly #listener: UnseenChildrenListener;
  readonly #stop = new AbortController();
  #known: Stat | undefined;
  #toldCount = 0;

  constructor(context: Context, path: string, listener: UnseenChildrenListener) {
    this.#path = path;
    this.#listener = listener;
    void this.#follow(context);
  }

  /** A change of the list was told by somebody else. */
  told(): void {
    this.#toldCount += 1;
  }

  stop(): void {
    this.#stop.abort();
  }

  async #follow(context: Context): Promise<void> {
    try {
      const { signal } = this.#stop;
      for await (const list of watchChildren(context, this.#path, { signal })) this.#saw(list?.stat);
    } catch (error) {
      if (!this.#stop.signal.aborted)
        this.#listener.onFailed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** What was told too early for this reading is told again after the next: too much rather than nothing. */
  #saw(stat: Stat | undefined): void {
    const known = this.#known;
    const toldCount = this.#toldCount;
    this.#known = stat;
    this.#toldCount = 0;
    if (known === undefined || stat === undefined || known.czxid !== stat.czxid) return;
    if (stat.cversion - known.cversion === toldCount) return;
    this.#listener.onEvent({ type: 'children', path: this.#path, zxid: stat.pzxid });
  }
}
