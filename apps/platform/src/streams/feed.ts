/** What watchers are told: one text, already serialized, so that a thousand of them cost one serialization. */
export interface FeedEvent {
  /** Where a watcher stands after it; he resumes from here. */
  readonly revision: string;
  /** Its kind: `full`, `delta`. */
  readonly kind: string;
  /** JSON. */
  readonly text: string;
}

/**
 * Something that changes, kept up to date by one watch however many are interested.
 * Watchers pull: whoever is slow skips what is outdated meanwhile, so nothing is queued for him.
 */
export interface Feed {
  /** Resolves once there is something to tell. Rejects when that fails, or with the reason of the signal. */
  ready(signal: AbortSignal): Promise<void>;
  /** What brings somebody who stands at a revision up to date; nothing when he is. Without a revision: everything. */
  since(revision: string | undefined): readonly FeedEvent[];
  /** Resolves at the next change. Rejects with the reason of the signal, or when the feed ends. */
  changed(signal: AbortSignal): Promise<void>;
}

/** The events of a feed from a revision on, for as long as the signal allows. */
export async function* follow(feed: Feed, from: string | undefined, signal: AbortSignal): AsyncGenerator<FeedEvent> {
  await feed.ready(signal);
  let revision = from;
  for (;;) {
    const events = feed.since(revision);
    for (const event of events) {
      yield event;
      revision = event.revision;
    }
    // Without anything between the look and the wait, no change can slip through.
    if (events.length === 0) await feed.changed(signal);
  }
}
