import { type Client, systemTimers, type Timers } from '@corral/client';
import type { Logger } from '@corral/primitives';
import { whole } from '../check-value.js';
import type { HealthCheckSpec, ServiceInstance } from '../instance/instance.js';
import { limits } from '../instance/limits.js';
import { AllServices } from '../platform/all-services.js';
import { removeNote, writeNote } from '../platform/write-note.js';
import type { Registry } from '../registry.js';
import { encodeHealthNote } from '../watch/notes.js';
import type { ServiceView } from '../watch/service-view.js';
import { networkProbes } from './network-probes.js';
import type { Probes } from './probe.js';
import { type HealthState, stepHealth } from './rise-and-fall.js';

export interface HealthCheckerOptions {
  /** HTTP and TCP over the network by default; gRPC has to be given. */
  readonly probes?: Partial<Probes>;
  readonly logger?: Logger;
  readonly timers?: Timers;
  /** From 0 to 1 (exclusive): spreads the first checks. */
  readonly random?: () => number;
  /** From one check to the next of an instance that does not say; 10,000. */
  readonly intervalMs?: number;
  /** How long a check may take of an instance that does not say; 2,000. */
  readonly timeoutMs?: number;
}

/** An instance that this platform checks. */
interface Checked {
  instance: ServiceInstance;
  readonly view: ServiceView;
  state: HealthState;
  timer: unknown;
  /** The check that is under way. */
  underWay: AbortController | undefined;
  isForgotten: boolean;
}

const RISE = 2;
const FALL = 3;
/** Characters of a reason that are kept. */
const REASON_LENGTH_MAX = 200;

/**
 * Checks instances that ask for it. Each is checked by one of the living platforms; when that dies, another goes on. What is found is written
 * down when it changes, and consumers see it as the instance's `health`: an instance that fails is marked, not removed.
 */
export class HealthChecker {
  readonly #client: Client;
  readonly #registry: Registry;
  readonly #probes: Probes;
  readonly #logger: Logger;
  readonly #timers: Timers;
  readonly #random: () => number;
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  readonly #checked = new Map<string, Checked>();
  #services: AllServices | undefined;
  #stopListening = (): void => undefined;

  /** @throws InvalidInstanceError for an option that cannot be */
  constructor(client: Client, registry: Registry, options: HealthCheckerOptions = {}) {
    const { intervalMs = 10_000, timeoutMs = 2000 } = options;
    this.#intervalMs = whole('intervalMs', intervalMs, limits.checkIntervalMsMin, limits.checkIntervalMsMax);
    this.#timeoutMs = whole('timeoutMs', timeoutMs, limits.checkTimeoutMsMin, limits.checkTimeoutMsMax);
    this.#client = client;
    this.#registry = registry;
    this.#probes = { ...networkProbes, ...options.probes };
    this.#logger = options.logger ?? (() => undefined);
    this.#timers = options.timers ?? systemTimers;
    this.#random = options.random ?? Math.random;
  }

  /** How many instances this platform checks. */
  get size(): number {
    return this.#checked.size;
  }

  /** Begins to check. Starting again is no error. */
  async start(): Promise<void> {
    if (this.#services !== undefined) return;
    const services = new AllServices(this.#registry, this.#logger, (view) => {
      this.#divide(view);
    });
    this.#services = services;
    this.#stopListening = this.#registry.membership.onChange(() => {
      for (const view of services.views) this.#divide(view);
    });
    await this.#registry.membership.start();
  }

  /** Stops checking; other platforms go on. */
  async stop(): Promise<void> {
    if (this.#services === undefined) return;
    this.#stopListening();
    this.#services.close();
    this.#services = undefined;
    for (const key of [...this.#checked.keys()]) this.#forget(key);
    await this.#registry.membership.stop();
  }

  /** Begins and ends checks, as instances and platforms come and go. */
  #divide(view: ServiceView): void {
    const { membership, layout } = this.#registry;
    if (!membership.isCurrent) return;
    const mine = new Map<string, ServiceInstance>();
    for (const instance of view.instances) {
      const key = `${view.service}/${instance.id}`;
      const isWanted = instance.check !== undefined && instance.guarded !== true && this.#probes[instance.check.kind];
      if (isWanted && membership.ownerOf(key) === membership.id) mine.set(key, instance);
    }
    for (const [key, { view: its }] of this.#checked) if (its === view && !mine.has(key)) this.#forget(key);
    for (const [key, instance] of mine) this.#adopt(key, instance, view);
    for (const id of view.orphanedHealth) {
      if (membership.ownerOf(`${view.service}/${id}`) !== membership.id) continue;
      removeNote(this.#client, layout.note(view.service, 'health', id)).catch(() => undefined);
    }
  }

  #adopt(key: string, instance: ServiceInstance, view: ServiceView): void {
    const known = this.#checked.get(key);
    if (known !== undefined) {
      known.instance = instance;
      return;
    }
    const state: HealthState = { health: instance.health, against: 0 };
    const checked: Checked = { instance, view, state, timer: undefined, underWay: undefined, isForgotten: false };
    this.#checked.set(key, checked);
    // What nobody has checked yet is checked soon; the rest when its turn comes, not all at the same time.
    const intervalMs = instance.check?.intervalMs ?? this.#intervalMs;
    this.#next(checked, this.#random() * (state.health === 'unknown' ? Math.min(intervalMs, 1000) : intervalMs));
  }

  #forget(key: string): void {
    const checked = this.#checked.get(key);
    if (checked === undefined) return;
    this.#checked.delete(key);
    checked.isForgotten = true;
    checked.underWay?.abort();
    this.#timers.clearTimeout(checked.timer);
  }

  #next(checked: Checked, delayMs: number): void {
    checked.timer = this.#timers.setTimeout(() => void this.#check(checked), delayMs);
  }

  async #check(checked: Checked): Promise<void> {
    const { check } = checked.instance;
    if (check === undefined) return;
    const reason = await this.#probe(checked, check);
    if (checked.isForgotten) return;
    const thresholds = { rise: check.rise ?? RISE, fall: check.fall ?? FALL };
    checked.state = stepHealth(checked.state, reason === undefined, thresholds);
    // What could not be written the last time differs still, and is written now.
    if (checked.instance.health !== checked.state.health) await this.#write(checked, reason);
    if (!checked.isForgotten) this.#next(checked, check.intervalMs ?? this.#intervalMs);
  }

  /** @returns what went wrong, if anything did */
  async #probe(checked: Checked, check: HealthCheckSpec): Promise<string | undefined> {
    const timeoutMs = check.timeoutMs ?? this.#timeoutMs;
    const late = new AbortController();
    checked.underWay = late;
    const timer = this.#timers.setTimeout(() => {
      late.abort(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    try {
      await this.#probes[check.kind]?.({ instance: checked.instance, check, signal: late.signal });
      return undefined;
    } catch (error) {
      const cause: unknown = late.signal.aborted ? late.signal.reason : error;
      return (cause instanceof Error ? cause.message : String(cause)).slice(0, REASON_LENGTH_MAX);
    } finally {
      this.#timers.clearTimeout(timer);
    }
  }

  async #write({ instance, state }: Checked, reason: string | undefined): Promise<void> {
    const { service, id } = instance;
    const note = { health: state.health, ...(state.health === 'failing' && { reason }) };
    try {
      const path = this.#registry.layout.note(service, 'health', id);
      await writeNote(this.#client, path, () => encodeHealthNote(note));
    } catch (error) {
      this.#logger('warn', 'the health of an instance could not be written down', {
        service,
        id,
        cause: String(error),
      });
    }
  }
}
