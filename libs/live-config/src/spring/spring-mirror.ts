import { randomUUID } from 'node:crypto';
import type { Logger } from '@corral/primitives';
import { ClaimedRounds } from '../ensemble/claimed-rounds.js';
import type { ConfigClient } from '../ensemble/client-port.js';
import { systemClock } from '../ensemble/wall-clock.js';
import { ROOT_DEFAULT, springWriterPath, springWritersPath } from '../layout/paths.js';
import { checkName, describeScope, type Scope } from '../names.js';
import type { ConfigStore } from '../store/config-store.js';
import { isRace } from '../store/publisher.js';
import type { SubscriptionClock } from '../subscription/types.js';
import { SPRING_ROOT } from './layout.js';
import { SpringView, type SpringWriteResult } from './spring-view.js';

const INTERVAL_MS = 1000;
/** What could not be written is tried again after this: nothing tells when what was in the way has gone. */
const RETRY_MS = 10_000;

/** How a `SpringMirror` is set up. */
export interface SpringMirrorOptions {
  /** Whose applications are written. Spring's layout knows no namespaces, so each needs a root of its own. */
  readonly namespace: string;
  /** Spring's root. `/config` by default. */
  readonly root?: string | undefined;
  /** The store's root. `/corral/config` by default. */
  readonly configRoot?: string | undefined;
  /** Writes encrypted values in the clear, for everybody to read. They are left out otherwise. */
  readonly decrypt?: boolean | undefined;
  /** How often it looks for new applications and for the claim. 1 s by default. */
  readonly intervalMs?: number | undefined;
  /** How it is known among platforms. */
  readonly id?: string;
  readonly logger?: Logger;
  readonly clock?: SubscriptionClock;
}

/** What is being done for one scope. */
interface Kept {
  task: Promise<void> | undefined;
  /** Ends the task, so that it can begin anew. */
  stop: AbortController;
  /** Something could not be written, and is tried again then. */
  retryAtMs: number | undefined;
  /** The last trouble told, so that the same is not told every time. */
  told: string | undefined;
}

/**
 * Keeps Spring's layout written from the releases of a namespace. Every platform runs one; an ephemeral znode lets one of them write,
 * and another goes on when that one dies. Two that believe they may write do no harm, because every write is made as long as the release
 * that it was made from stands.
 */
export class SpringMirror {
  readonly #store: ConfigStore;
  readonly #view: SpringView;
  readonly #options: SpringMirrorOptions;
  readonly #logger: Logger;
  readonly #clock: SubscriptionClock;
  readonly #rounds: ClaimedRounds;
  readonly #kept = new Map<string, Kept>();
  #abort = new AbortController();

  /** @throws InvalidInputError */
  constructor(client: ConfigClient, store: ConfigStore, options: SpringMirrorOptions) {
    const { namespace, root = SPRING_ROOT, configRoot = ROOT_DEFAULT, intervalMs = INTERVAL_MS } = options;
    checkName('namespace', namespace);
    this.#store = store;
    this.#view = new SpringView(client, store, { root, configRoot });
    this.#options = options;
    this.#logger = options.logger ?? (() => undefined);
    this.#clock = options.clock ?? systemClock;
    this.#rounds = new ClaimedRounds(client, {
      path: springWriterPath(configRoot, root),
      parent: springWritersPath(configRoot),
      id: options.id ?? randomUUID(),
      intervalMs,
      clock: this.#clock,
      round: (signal) => this.#round(signal),
      onIdle: () => this.#abort.abort(),
      onFailed: (error) =>
        this.#logger('warn', "writing Spring's layout waits: a round failed", { error: String(error) }),
    });
  }

  /** Whether it is this one that writes, as far as it knows. */
  get isActive(): boolean {
    return this.#rounds.isActive;
  }

  start(): void {
    this.#rounds.start();
  }

  /** Stops, and lets another write. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
    this.#abort.abort();
    await Promise.all([...this.#kept.values()].flatMap(({ task }) => task ?? []));
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { namespace } = this.#options;
    const applications = await this.#store.listApplications(namespace, { signal });
    if (this.#abort.signal.aborted) this.#abort = new AbortController();
    for (const scope of [{ namespace }, ...applications.map((application) => ({ namespace, application }))]) {
      const id = describeScope(scope);
      const kept = this.#kept.get(id) ?? newlyKept();
      this.#kept.set(id, kept);
      this.#attend(scope, kept);
    }
  }

  /** Sees to it that a scope is written after each release, and once more when something was in the way. */
  #attend(scope: Scope, kept: Kept): void {
    const isDue = kept.retryAtMs === undefined || kept.retryAtMs <= this.#clock.nowMs();
    if (kept.task !== undefined) {
      // It waits for a release; the next round begins anew.
      if (kept.retryAtMs !== undefined && isDue) kept.stop.abort();
      return;
    }
    if (!isDue) return;
    kept.retryAtMs = undefined;
    kept.stop = new AbortController();
    const signal = AbortSignal.any([this.#abort.signal, kept.stop.signal]);
    kept.task = this.#keep(scope, kept, signal).finally(() => (kept.task = undefined));
  }

  /** Writes a scope after each release, until that is not possible. */
  async #keep(scope: Scope, kept: Kept, signal: AbortSignal): Promise<void> {
    const { decrypt } = this.#options;
    try {
      for await (const result of this.#view.mirror(scope, { decrypt, signal })) {
        this.#tell(scope, result);
        const [refusal] = result.refused;
        if (refusal !== undefined) this.#retryLater(scope, kept, refusal.join(' '));
        else Object.assign(kept, { told: undefined, retryAtMs: undefined });
      }
    } catch (error) {
      // Somebody else changed what was being changed: the next round tries again.
      if (!signal.aborted && !isRace(error)) this.#retryLater(scope, kept, String(error));
    }
  }

  #tell(scope: Scope, { release, contexts, changes, skipped }: SpringWriteResult): void {
    if (changes === 0) return;
    const left = skipped.size === 0 ? {} : { leftOut: [...skipped.keys()].slice(0, 10).join('; ') };
    const fields = { scope: describeScope(scope), release, contexts: contexts.length, ...left };
    this.#logger('info', "a release is in Spring's layout", fields);
  }

  #retryLater(scope: Scope, kept: Kept, reason: string): void {
    kept.retryAtMs = this.#clock.nowMs() + RETRY_MS;
    if (kept.told === reason) return;
    kept.told = reason;
    this.#logger('warn', "a release is not in Spring's layout", { scope: describeScope(scope), reason });
  }
}

function newlyKept(): Kept {
  return { task: undefined, stop: new AbortController(), retryAtMs: undefined, told: undefined };
}
