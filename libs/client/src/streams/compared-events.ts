import type { Stat } from '@corral/model';
import type { Context } from '../context.js';
import type { PersistentListener } from '../watches/persistent-watches.js';
import type { WatchEvent } from '../watches/watch-event.js';
import { watchChildren, watchData } from './watch-value.js';

/** The events that lead from one state of a znode to the next. */
export function eventsBetween(path: string, before: Stat | undefined, after: Stat | undefined): WatchEvent[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ type: 'created', path }];
  if (after === undefined) return [{ type: 'deleted', path }];
  if (before.czxid !== after.czxid)
    return [
      { type: 'deleted', path },
      { type: 'created', path },
    ];
  const events: WatchEvent[] = [];
  if (before.mzxid !== after.mzxid) events.push({ type: 'changed', path });
  if (before.pzxid !== after.pzxid) events.push({ type: 'children', path });
  return events;
}

/** Whom to tell. */
export type ComparedEventsListener = Omit<PersistentListener, 'onCovered'>;

/** What a persistent watch would tell of one znode, found out with one-shot watches. Of changes in quick succession it may tell one. */
export class ComparedEvents {
  readonly #path: string;
  readonly #listener: ComparedEventsListener;
  readonly #stop = new AbortController();
  #known: { readonly stat: Stat | undefined } | undefined;

  constructor(context: Context, path: string, listener: ComparedEventsListener) {
    this.#path = path;
    this.#listener = listener;
    const call = { signal: this.#stop.signal };
    void this.#follow(watchData(context, path, call));
    void this.#follow(watchChildren(context, path, call));
  }

  stop(): void {
    this.#stop.abort();
  }

  async #follow(values: AsyncIterable<{ readonly stat: Stat } | undefined>): Promise<void> {
    try {
      for await (const value of values) this.#saw(value?.stat);
    } catch (error) {
      this.stop();
      this.#listener.onFailed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #saw(stat: Stat | undefined): void {
    const known = this.#known;
    // Two reads may overtake each other: an older stat tells nothing new.
    if (known?.stat !== undefined && stat !== undefined && stat.czxid === known.stat.czxid) {
      if (stat.mzxid < known.stat.mzxid || stat.pzxid < known.stat.pzxid) return;
    }
    this.#known = { stat };
    if (known === undefined) this.#listener.onArmed();
    else for (const event of eventsBetween(this.#path, known.stat, stat)) this.#listener.onEvent(event);
  }
}
