import { type Client, systemTimers, type Timers } from '@corral/client';
import type { Logger } from '@corral/primitives';
import { whole } from '../check-value.js';
import { networkProbes } from '../health/network-probes.js';
import type { Probes } from '../health/probe.js';
import type { ServiceInstance } from '../instance/instance.js';
import { limits } from '../instance/limits.js';
import { AllServices } from '../platform/all-services.js';
import { removeNote, writeNote } from '../platform/write-note.js';
import type { Registry } from '../registry.js';
import { decodeGuardNote, encodeGuardNote } from '../watch/notes.js';
import type { ServiceView } from '../watch/service-view.js';
import { verdictOf } from './votes.js';

export interface MassLossProberOptions {
  /** HTTP and TCP over the network by default; gRPC has to be given, and TCP stands in for it otherwise. */
  readonly probes?: Partial<Probes>;
  readonly logger?: Logger;
  readonly timers?: Timers;
  /** From one round to the next; 2,000. */
  readonly intervalMs?: number;
  /** So many tries in a row must fail before this platform calls an instance dead; 3. */
  readonly failures?: number;
  /** How long one try may take; 1,000. */
  readonly timeoutMs?: number;
}

/** Tries that are under way at once. */
const PROBES_MAX = 256;

/**
 * Finds out which of many instances that vanished at once are dead. Every platform tries to reach each, and writes down what it found; the
 * votes of all make the verdict, which consumers see: the dead are gone, those that are alive stay.
 */
export class MassLossProber {
  readonly #client: Client;
  readonly #registry: Registry;
  readonly #probes: Probes;
  readonly #logger: Logger;
  readonly #timers: Timers;
  readonly #options: { readonly intervalMs: number; readonly failures: number; readonly timeoutMs: number };
  /** How often in a row an instance was not reached, and since when it is known here. */
  readonly #suspects = new Map<string, { failures: number; readonly sinceMs: number }>();
  readonly #underWay = new Set<string>();
  #services: AllServices | undefined;
  #timer: unknown;

  /** @throws InvalidInstanceError for an option that cannot be */
  constructor(client: Client, registry: Registry, options: MassLossProberOptions = {}) {
    this.#client = client;
    this.#registry = registry;
    this.#probes = { ...networkProbes, ...options.probes };
    this.#logger = options.logger ?? (() => undefined);
    this.#timers = options.timers ?? systemTimers;
    const { intervalMs = 2000, failures = 3, timeoutMs = 1000 } = options;
    this.#options = {
      intervalMs: whole('intervalMs', intervalMs, 1, limits.durationMsMax),
      failures: whole('failures', failures, 1, limits.checksInARowMax),
      timeoutMs: whole('timeoutMs', timeoutMs, 1, limits.checkTimeoutMsMax),
    };
  }

  /** How many instances this platform tries to reach, or has tried to until a moment ago. */
  get size(): number {
    return this.#suspects.size;
  }

  /** Begins to watch over all services. Starting again is no error. */
  async start(): Promise<void> {
    if (this.#services !== undefined) return;
    this.#services = new AllServices(this.#registry, this.#logger, (view) => {
      this.#look(view);
    });
    this.#roundLater();
    await this.#registry.membership.start();
  }

  async stop(): Promise<void> {
    if (this.#services === undefined) return;
    this.#timers.clearTimeout(this.#timer);
    this.#services.close();
    this.#services = undefined;
    this.#suspects.clear();
    await this.#registry.membership.stop();
  }

  #roundLater(): void {
    this.#timer = this.#timers.setTimeout(() => {
      const views = this.#services?.views ?? [];
      for (const view of views) this.#look(view);
      this.#forgetSettled(views);
      this.#roundLater();
    }, this.#options.intervalMs);
  }

  /** Tries to reach those that are missed, and clears away what is settled. */
  #look(view: ServiceView): void {
    const { membership } = this.#registry;
    if (!membership.isCurrent || this.#services === undefined) return;
    for (const instance of view.instances) {
      const key = `${view.service}/${instance.id}`;
      if (instance.guarded !== true) this.#suspects.delete(key);
      else if (!this.#underWay.has(key) && this.#underWay.size < PROBES_MAX) void this.#examine(key, instance);
    }
    for (const id of view.guardNotes) {
      const key = `${view.service}/${id}`;
      const nowMs = this.#timers.nowMs();
      const suspect = this.#suspects.get(key) ?? { failures: 0, sinceMs: nowMs };
      if (!view.isRegistered(id)) this.#suspects.set(key, suspect);
      const isOver = view.isRegistered(id) || nowMs - suspect.sinceMs >= this.#registry.guardKeepMs;
      if (!isOver || membership.ownerOf(key) !== membership.id) continue;
      this.#suspects.delete(key);
      removeNote(this.#client, this.#registry.layout.note(view.service, 'guard', id)).catch(() => undefined);
    }
  }

  /** Those that nobody keeps any more, and of whom no note is left: another platform may have cleared it away. */
  #forgetSettled(views: readonly ServiceView[]): void {
    if (this.#suspects.size === 0) return;
    const open = new Set<string>();
    for (const { service, instances, guardNotes } of views) {
      for (const id of guardNotes) open.add(`${service}/${id}`);
      for (const { id, guarded } of instances) if (guarded === true) open.add(`${service}/${id}`);
    }
    for (const key of this.#suspects.keys()) if (!open.has(key)) this.#suspects.delete(key);
  }

  async #examine(key: string, instance: ServiceInstance): Promise<void> {
    this.#underWay.add(key);
    try {
      const isReached = await this.#reach(instance);
      if (isReached === undefined || this.#services === undefined) return;
      const suspect = this.#suspects.get(key) ?? { failures: 0, sinceMs: this.#timers.nowMs() };
      this.#suspects.set(key, suspect);
      suspect.failures = isReached ? 0 : suspect.failures + 1;
      if (isReached) await this.#vote(instance, 'alive');
      else if (suspect.failures >= this.#options.failures) await this.#vote(instance, 'dead');
    } catch (error) {
      this.#logger('warn', 'what became of an instance could not be written down', { key, cause: String(error) });
    } finally {
      this.#underWay.delete(key);
    }
  }

  /** Whether the instance answers; `undefined` when there is no way to ask it. */
  async #reach(instance: ServiceInstance): Promise<boolean | undefined> {
    const asked = instance.check ?? { kind: 'tcp' };
    const check = this.#probes[asked.kind] === undefined ? { ...asked, kind: 'tcp' as const } : asked;
    if ((check.port ?? instance.port ?? instance.sslPort) === undefined) return undefined;
    const late = new AbortController();
    const timer = this.#timers.setTimeout(() => {
      late.abort();
    }, this.#options.timeoutMs);
    try {
      await this.#probes[check.kind]?.({ instance, check, signal: late.signal });
      return true;
    } catch {
      return false;
    } finally {
      this.#timers.clearTimeout(timer);
    }
  }

  /** Adds this platform's vote to those of the others that live, and draws the conclusion. */
  async #vote({ guarded: _guarded, ...instance }: ServiceInstance, vote: 'alive' | 'dead'): Promise<void> {
    const { membership, layout } = this.#registry;
    const { service, id } = instance;
    await writeNote(this.#client, layout.note(service, 'guard', id), (present) => {
      const living = membership.living;
      const cast = present === undefined ? {} : (decodeGuardNote(service, id, present)?.votes ?? {});
      const kept = Object.entries(cast).filter(([platform]) => living.includes(platform));
      const votes = { ...Object.fromEntries(kept), [membership.id]: vote };
      return encodeGuardNote({ instance, votes, verdict: verdictOf(votes, living.length) });
    });
  }
}
