import type { Logger } from '@corral/primitives';
import type { ConfigClient } from '../ensemble/client-port.js';
import { limits } from '../limits.js';
import type { SubscriberInfo } from '../store/types.js';
import type { SubscriptionClock } from '../subscription/types.js';

/** A subscriber that is known, for as long as this is not ended. */
export interface Hosting {
  /** What it had acknowledged by then; release 0 when it is new. */
  readonly known: SubscriberInfo;
  /** Aborts when the session that held the record is over: what it said is lost, and is asked for again by hosting it anew. */
  readonly lost: AbortSignal;
  /** It is gone, or will be `lingerMs` after it was last heard of. */
  end(lingerMs?: number): void;
}

interface Entry {
  readonly session: bigint;
  readonly lost: AbortController;
  holders: number;
  lingerMs: number;
  cancelTimer: (() => void) | undefined;
}

/** Which records this host keeps and for how long: those that somebody holds, and those that linger after. */
export class HostedRecords {
  readonly #client: ConfigClient;
  readonly #clock: SubscriptionClock;
  readonly #logger: Logger;
  /** By path. */
  readonly #entries = new Map<string, Entry>();
  readonly #stopListening: () => void;

  constructor(client: ConfigClient, clock: SubscriptionClock, logger: Logger) {
    this.#client = client;
    this.#clock = clock;
    this.#logger = logger;
    this.#stopListening = client.onState(() => this.#dropLost());
  }

  /** Somebody holds the record that was written in this session. */
  hold(path: string, session: bigint): Omit<Hosting, 'known'> {
    const entry = this.#entryOf(path, session);
    entry.holders += 1;
    entry.cancelTimer?.();
    entry.cancelTimer = undefined;
    // Over already: nobody else will say so.
    if (session !== this.#client.sessionId) this.#dropLost();
    let hasEnded = false;
    return {
      lost: entry.lost.signal,
      end: (lingerMs = 0) => {
        if (hasEnded) return;
        hasEnded = true;
        entry.holders -= 1;
        entry.lingerMs = lingerMs;
        if (this.#entries.get(path) === entry && entry.holders === 0) this.#linger(path, entry);
      },
    };
  }

  /** A sign of life: one that lingers has its full time again. */
  heard(path: string): void {
    const entry = this.#entries.get(path);
    if (entry?.holders === 0) this.#linger(path, entry);
  }

  /** Lets all go. */
  close(): void {
    this.#stopListening();
    for (const [path, entry] of this.#entries) this.#remove(path, entry);
  }

  #entryOf(path: string, session: bigint): Entry {
    const known = this.#entries.get(path);
    if (known?.session === session) return known;
    known?.lost.abort();
    const entry: Entry = { session, lost: new AbortController(), holders: 0, lingerMs: 0, cancelTimer: undefined };
    this.#entries.set(path, entry);
    if (this.#entries.size > limits.hostedMax) this.#makeRoom();
    return entry;
  }

  #linger(path: string, entry: Entry): void {
    entry.cancelTimer?.();
    if (entry.lingerMs === 0) this.#remove(path, entry);
    else entry.cancelTimer = this.#clock.after(entry.lingerMs, () => this.#remove(path, entry));
  }

  /** Of those that only linger, who was there first goes. Held ones are as many as the host lets in. */
  #makeRoom(): void {
    for (const [path, entry] of this.#entries) {
      if (entry.holders > 0) continue;
      this.#remove(path, entry);
      return;
    }
  }

  #remove(path: string, entry: Entry): void {
    entry.cancelTimer?.();
    this.#entries.delete(path);
    this.#delete(path, entry.session).catch((error: unknown) => {
      this.#logger('debug', 'the record of a subscriber goes with its session', { path, cause: String(error) });
    });
  }

  /** Another host may have taken the record over meanwhile; then it is that one's. */
  async #delete(path: string, session: bigint): Promise<void> {
    if (this.#client.sessionId !== session) return;
    const stat = await this.#client.exists(path);
    if (stat?.ephemeralOwner === session) await this.#client.delete(path, { version: stat.version });
  }

  /** A new session begins without the old one's ephemerals. */
  #dropLost(): void {
    const { sessionId } = this.#client;
    for (const [path, entry] of this.#entries) {
      if (entry.session === sessionId || sessionId === 0n) continue;
      entry.cancelTimer?.();
      this.#entries.delete(path);
      entry.lost.abort();
    }
  }
}
