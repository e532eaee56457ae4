import { type Client, NodeExistsError, NoNodeError } from '@corral/client';
import { nodeName } from '@corral/model';
import type { Logger } from '@corral/primitives';
import { TreeCache } from '@corral/recipes';
import { hash32 } from '../hash.js';
import type { Layout } from '../layout.js';
import { whileConnected } from '../while-connected.js';

/**
 * Which platforms there are. Each has an ephemeral, by which the others know that it lives, and work is spread among them by its name.
 * What this platform does for the ensemble (leases, checks, probes) shares one membership: `start` counts, and so does `stop`.
 */
export class PlatformMembership {
  readonly id: string;
  readonly #client: Client;
  readonly #layout: Layout;
  readonly #logger: Logger;
  readonly #listeners = new Set<() => void>();
  #users = 0;
  #cache: TreeCache | undefined;
  #stopListening = (): void => undefined;

  constructor(client: Client, layout: Layout, id: string, logger: Logger) {
    this.#client = client;
    this.#layout = layout;
    this.id = id;
    this.#logger = logger;
  }

  /** The platforms that live, sorted. */
  get living(): readonly string[] {
    return this.#cache?.children(this.#layout.platforms) ?? [];
  }

  /** Whether what is known of the platforms is of now, and this one is among them: only then may it act for others. */
  get isCurrent(): boolean {
    return this.#cache?.state === 'current' && this.#cache.get(this.#path) !== undefined;
  }

  /** Which of the living platforms a piece of work falls to. When one dies, only its work moves (rendezvous hashing). */
  ownerOf(work: string): string | undefined {
    let owner: string | undefined;
    let best = -1;
    for (const id of this.living) {
      const score = hash32(`${id}/${work}`);
      if (score > best) {
        owner = id;
        best = score;
      }
    }
    return owner;
  }

  /** Resolves when this platform is known to the others, and they to it. */
  async start(): Promise<void> {
    this.#users += 1;
    if (this.#cache === undefined) {
      this.#cache = new TreeCache(this.#client, this.#layout.platforms, { maxDepth: 1, logger: this.#logger });
      this.#cache.onChange(({ type, path }) => {
        // It was removed, or was an earlier session's of this platform.
        if (type === 'removed' && path === this.#path) void this.#announce();
        this.#tell();
      });
      this.#cache.onState(() => {
        this.#tell();
      });
      this.#stopListening = this.#client.onState((state) => {
        if (state === 'connected' || state === 'reconnected') void this.#announce();
      });
    }
    await Promise.all([this.#announce(), this.#cache.ready()]);
  }

  /** The last of its users that stops takes the platform out; with the ensemble away, the end of the session does. */
  async stop(): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#stopListening();
    this.#cache?.close();
    this.#cache = undefined;
    const removed = this.#client.delete(this.#path).catch((error: unknown) => {
      this.#logger('debug', 'the ephemeral of this platform goes with its session', { cause: String(error) });
    });
    await whileConnected(this.#client, removed);
  }

  /** Calls the listener when platforms come or go; the function that comes back removes it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  get #path(): string {
    return `${this.#layout.platforms}/${this.id}`;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  async #announce(): Promise<void> {
    try {
      for (;;) {
        try {
          await this.#client.create(this.#path, null, { mode: 'ephemeral' });
          return;
        } catch (error) {
          if (error instanceof NodeExistsError) return;
          if (!(error instanceof NoNodeError)) throw error;
          await this.#client.ensurePath(this.#layout.platforms);
        }
      }
    } catch (error) {
      // The next connection brings the next try.
      const platform = nodeName(this.#path);
      this.#logger('warn', 'this platform could not make itself known', { platform, cause: String(error) });
    }
  }
}
