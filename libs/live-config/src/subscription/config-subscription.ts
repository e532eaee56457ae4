import type { ConfigClient } from '../ensemble/client-port.js';
import { ScopeReader } from '../ensemble/scope-reader.js';
import { ackName } from '../layout/paths.js';
import { decodePointer, type Pointer } from '../layout/pointer.js';
import type { Scope } from '../names.js';
import type { ConfigValue } from '../values/tree.js';
import { AckWriter } from './ack-writer.js';
import { CopyKeeper } from './copy-keeper.js';
import { Listeners } from './listeners.js';
import { knownState, loadState, type Pointers, type Releases, releasesFor, sameReleases } from './loader.js';
import { ReloadSchedule } from './reload-schedule.js';
import { type Origin, snapshotOf, type SubscriberState } from './snapshot.js';
import { SnapshotStream } from './snapshot-stream.js';
import { type SubscriptionSettings, subscriptionSettings } from './subscription-settings.js';
import type {
  ConfigSnapshot,
  SnapshotHandler,
  SnapshotSource,
  SnapshotValidator,
  SubscriptionOptions,
} from './types.js';

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 30_000;
const LOCAL_COPY_AFTER_MS = 3000;
const CONNECTED: readonly string[] = ['connected', 'reconnected', 'read-only'];

/** A release that this subscriber did not take, and why. */
export interface SubscriptionFailure {
  readonly release: number;
  readonly defaultsRelease: number;
  readonly error: string;
}

/**
 * The reading side: keeps one target's configuration current. It always shows one release whole, and the last valid one when a newer
 * one cannot be read or is refused. Starts at once; close it when done.
 */
export class ConfigSubscription {
  readonly #client: ConfigClient;
  readonly #options: SubscriptionOptions;
  readonly #settings: SubscriptionSettings;
  readonly #reader: ScopeReader;
  readonly #listeners: Listeners;
  readonly #schedule: ReloadSchedule;
  readonly #acks: AckWriter | undefined;
  readonly #copies: CopyKeeper | undefined;
  readonly #stream = new SnapshotStream();
  readonly #abort = new AbortController();
  #cancelCopyTimer: (() => void) | undefined;
  #pointers: Partial<Pointers> = {};
  /** What was last taken or refused: only something else is a reason to reload. */
  #judged: Releases | undefined;
  #applied = { release: 0, defaultsRelease: 0 };
  #current: ConfigSnapshot | undefined;
  #failure: SubscriptionFailure | undefined;
  #retryMs = RETRY_MS_MIN;

  /** @throws InvalidInputError | TooLargeError naming the option */
  constructor(client: ConfigClient, options: SubscriptionOptions) {
    const settings = subscriptionSettings(options);
    const { target, identity, clock, logger, random } = settings;
    this.#client = client;
    this.#options = options;
    this.#settings = settings;
    this.#reader = new ScopeReader(client, options.root);
    this.#listeners = new Listeners(options.validators ?? [], clock);
    this.#schedule = new ReloadSchedule(() => this.#reload(), settings.debounceMs, clock);
    const { acks } = this.#reader.paths(target);
    const name = ackName(target.profiles, identity.instanceId);
    const spreadMs = settings.ackSpreadMs;
    if (settings.acknowledge) this.#acks = new AckWriter({ client, acks, name, spreadMs, clock, random, logger });
    const { localCopy } = options;
    if (localCopy !== undefined) {
      this.#copies = new CopyKeeper({ options: localCopy, target, keys: options.keys, logger });
      const afterMs = localCopy.afterMs ?? LOCAL_COPY_AFTER_MS;
      this.#cancelCopyTimer = clock.after(afterMs, () => void this.#useLocalCopy());
    }
    void this.#follow({ namespace: target.namespace }, 'defaults');
    void this.#follow(target, 'own');
  }

  /** Resolves with the first snapshot, from the ensemble or, when that is away, from the local copy. Rejects when aborted or closed. */
  ready(call: { readonly signal?: AbortSignal | undefined } = {}): Promise<ConfigSnapshot> {
    return this.#stream.first(call.signal);
  }

  /** What this target sees. @throws Error before `ready` */
  get current(): ConfigSnapshot {
    if (this.#current === undefined) throw new Error('there is no configuration yet: await ready() first');
    return this.#current;
  }

  /** The value at a dotted path now. @throws Error before `ready` */
  get<T extends ConfigValue = ConfigValue>(path: string): T | undefined {
    return this.current.get<T>(path);
  }

  /** Where the current snapshot came from; nothing before the first. */
  get source(): SnapshotSource | undefined {
    return this.#current?.source;
  }

  /** Whether what is shown may be out of date: it is the local copy, or there is no connection to the ensemble. */
  get isStale(): boolean {
    return this.#current?.source !== 'ensemble' || !CONNECTED.includes(this.#client.state);
  }

  /** The newest release that was not taken, and why; nothing when the newest was taken. */
  get lastFailure(): SubscriptionFailure | undefined {
    return this.#failure;
  }

  /** How this subscriber is known. */
  get instanceId(): string {
    return this.#settings.identity.instanceId;
  }

  /** Calls the handler after each change, not for what is there already. The function that is returned takes it off. */
  onChange(handler: SnapshotHandler): () => void {
    return this.#listeners.addHandler(handler);
  }

  /** Asks the validator about every snapshot to come. The function that is returned takes it off. */
  addValidator(validator: SnapshotValidator): () => void {
    return this.#listeners.addValidator(validator);
  }

  /** The current snapshot as soon as there is one, then each change; who is slow sees the newest and not all. Ends when closed. */
  snapshots(call: { readonly signal?: AbortSignal | undefined } = {}): AsyncIterable<ConfigSnapshot> {
    return this.#stream.iterate(call.signal);
  }

  /** Stops following. The last snapshot stays readable. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#schedule.close();
    this.#cancelCopyTimer?.();
    this.#stream.close();
    await this.#acks?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Follows one pointer for good. The client re-arms the watch and reads again after every loss. */
  async #follow(scope: Scope, which: keyof Pointers): Promise<void> {
    const { current } = this.#reader.paths(scope);
    const { signal } = this.#abort;
    while (!signal.aborted) {
      try {
        for await (const znode of this.#client.watchData(current, { signal })) {
          this.#pointerChanged(which, decodePointer(znode?.data, current));
        }
        return;
      } catch (error) {
        if (signal.aborted || this.#client.state === 'closed') return;
        this.#fail({ release: 0, defaultsRelease: 0 }, error);
        await this.#pauseMs(RETRY_MS_MAX);
      }
    }
  }

  /** Waits so long, and no longer than until it is closed. */
  #pauseMs(ms: number): Promise<void> {
    const { signal } = this.#abort;
    return new Promise((resolve) => {
      const over = (): void => {
        cancel();
        signal.removeEventListener('abort', over);
        resolve();
      };
      const cancel = this.#settings.clock.after(ms, over);
      signal.addEventListener('abort', over);
    });
  }

  #pointerChanged(which: keyof Pointers, pointer: Pointer): void {
    this.#pointers = { ...this.#pointers, [which]: pointer };
    const { defaults, own } = this.#pointers;
    if (defaults === undefined || own === undefined) return;
    const releases = releasesFor({ defaults, own }, this.#settings.identity);
    if (!sameReleases(this.#judged, releases)) this.#schedule.want();
  }

  async #reload(): Promise<void> {
    const { defaults, own } = this.#pointers;
    if (defaults === undefined || own === undefined) return;
    const pointers = { defaults, own };
    const releases = releasesFor(pointers, this.#settings.identity);
    if (sameReleases(this.#judged, releases)) return;
    const numbers = { release: releases.own?.release ?? 0, defaultsRelease: releases.defaults?.release ?? 0 };
    let state: SubscriberState;
    let snapshot: ConfigSnapshot;
    try {
      const { target } = this.#settings;
      state =
        knownState(target, pointers, releases) ??
        (await loadState(this.#reader, target, pointers, releases, this.#abort.signal));
      snapshot = this.#snapshot(state, { source: 'ensemble' });
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#fail(numbers, error);
      this.#schedule.retryAfter(this.#retryMs);
      this.#retryMs = Math.min(RETRY_MS_MAX, this.#retryMs * 2);
      return;
    }
    this.#retryMs = RETRY_MS_MIN;
    this.#judged = releases;
    const refusal = this.#listeners.hasValidators ? await this.#listeners.refusal(snapshot) : undefined;
    if (this.#abort.signal.aborted) return;
    if (refusal !== undefined) {
      this.#fail(numbers, refusal);
      return;
    }
    await this.#take(snapshot);
    if (this.#copies !== undefined) await this.#copies.save(state, this.#settings.clock.nowMs());
  }

  #snapshot(state: SubscriberState, origin: Origin): ConfigSnapshot {
    return snapshotOf(state, this.#settings.target, this.#options.keys, origin);
  }

  /** Shows a snapshot, tells the handlers, and reports. */
  async #take(snapshot: ConfigSnapshot): Promise<void> {
    const previous = this.#current;
    this.#cancelCopyTimer?.();
    this.#current = snapshot;
    this.#failure = undefined;
    this.#stream.push(snapshot);
    const error = await this.#listeners.tell(snapshot, previous);
    const { release, defaultsRelease } = snapshot;
    if (error !== undefined) {
      this.#fail({ release, defaultsRelease }, `a handler failed: ${error}`);
      return;
    }
    this.#applied = { release, defaultsRelease };
    if (snapshot.source === 'ensemble') this.#report();
  }

  #fail(numbers: { release: number; defaultsRelease: number }, cause: unknown): void {
    const error = cause instanceof Error ? cause.message : String(cause);
    this.#failure = { ...numbers, error };
    this.#settings.logger('warn', 'a configuration release was not taken', { ...numbers, error });
    this.#report();
    if (this.#current === undefined) void this.#useLocalCopy();
  }

  #report(): void {
    this.#acks?.report({ ...this.#applied, labels: this.#settings.identity.labels, failed: this.#failure });
  }

  async #useLocalCopy(): Promise<void> {
    const copy = await this.#copies?.load();
    if (copy === undefined || this.#current !== undefined || this.#abort.signal.aborted) return;
    try {
      const snapshot = this.#snapshot(copy.state, { source: 'local-copy', savedAtMs: copy.savedAtMs });
      const refusal = await this.#listeners.refusal(snapshot);
      if (refusal !== undefined) throw new Error(refusal);
      if (this.#current === undefined && !this.#abort.signal.aborted) await this.#take(snapshot);
    } catch (error) {
      this.#settings.logger('warn', 'the local copy of the configuration was refused', { error: String(error) });
    }
  }
}
