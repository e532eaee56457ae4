import type { ConfigSnapshot } from '@corral/live-config';
import { ChangeSignal } from '../streams/change-signal.js';
import type { Feed, FeedEvent } from '../streams/feed.js';
import { effectiveDocument } from './effective-document.js';

/** What one target sees, kept up to date by one subscription. A change is always told whole: half a release is none. */
export class ConfigFeed implements Feed {
  readonly #signal = new ChangeSignal();
  #event: FeedEvent | undefined;

  /** The latest; `undefined` until the first has come. */
  get event(): FeedEvent | undefined {
    return this.#event;
  }

  async ready(signal: AbortSignal): Promise<void> {
    if (this.#event === undefined) await this.#signal.wait(signal);
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.#signal.wait(signal);
  }

  since(revision: string | undefined): readonly FeedEvent[] {
    return this.#event === undefined || this.#event.revision === revision ? [] : [this.#event];
  }

  /** Takes what the subscription tells. */
  accept(snapshot: ConfigSnapshot): void {
    const document = effectiveDocument(snapshot);
    this.#event = { revision: document.revision, kind: 'config', text: JSON.stringify(document) };
    this.#signal.wake();
  }

  /** Nothing more will come. */
  end(reason: unknown): void {
    this.#signal.end(reason);
  }
}
