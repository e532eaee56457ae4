import type { ServiceInstance } from '../instance/instance.js';
import { GUARD_DEFAULTS, type GuardOptions } from './guard-options.js';

interface Loss {
  readonly instance: ServiceInstance;
  readonly atMs: number;
}

/** What the platforms found out about an instance whose registration vanished. */
export type Verdict = 'alive' | 'dead' | 'unknown';

/**
 * Tells the loss of instances from the loss of their registrations, for one service. A few instances that vanish are gone at once. When
 * more than a share of them vanishes within a window, it is more likely that the network or the ensemble failed than that they all did:
 * then all that vanished within the window are kept, as they were last known, each until it registers again, is found dead, says that it
 * left, or has been kept for the longest time. Instances that were draining or down are not missed.
 *
 * Pure: time is an argument. Several inputs may come before the outcome is asked for.
 */
export class MassLossGuard {
  readonly #options: Required<GuardOptions>;
  readonly #losses = new Map<string, Loss>();
  #isActive = false;

  constructor(options: GuardOptions = {}) {
    this.#options = { ...GUARD_DEFAULTS, ...options };
  }

  /** Whether lost instances are being kept. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Those that are kept, by id; empty unless the guard is active. */
  get kept(): ReadonlyMap<string, { readonly instance: ServiceInstance }> {
    return this.#isActive ? this.#losses : NOTHING;
  }

  /** A registration vanished; `present` is how many are left. */
  vanished(instance: ServiceInstance, present: number, nowMs: number): void {
    if (instance.status !== 'UP') return;
    this.#forgetOld(nowMs);
    this.#losses.set(instance.id, { instance, atMs: nowMs });
    const lost = this.#losses.size;
    const { share, instancesMin } = this.#options;
    if (lost >= instancesMin && lost > share * (present + lost)) this.#isActive = true;
  }

  /** A platform keeps this one: the guard is active for whoever learns of it, even for those who never saw the instance. */
  reported(instance: ServiceInstance, nowMs: number): void {
    if (this.#options.share >= 1) return;
    if (!this.#losses.has(instance.id)) this.#losses.set(instance.id, { instance, atMs: nowMs });
    this.#isActive = true;
  }

  /** It is registered (again), has said that it leaves, or was found dead: there is nothing to keep. */
  settled(id: string): void {
    if (this.#losses.delete(id) && this.#losses.size === 0) this.#isActive = false;
  }

  /** Lets go of what was kept for the longest time. @returns whether anything was let go */
  expire(nowMs: number): boolean {
    if (!this.#isActive) return false;
    const before = this.#losses.size;
    for (const [id, { atMs }] of this.#losses) if (nowMs - atMs >= this.#options.keepMs) this.settled(id);
    return this.#losses.size < before;
  }

  /** When `expire` has something to do; undefined when nothing is kept. */
  get expiresAtMs(): number | undefined {
    if (!this.#isActive) return undefined;
    let earliest = Infinity;
    for (const { atMs } of this.#losses.values()) earliest = Math.min(earliest, atMs);
    return earliest + this.#options.keepMs;
  }

  /** Losses outside the window count no more; while the guard is active, all that it keeps do. */
  #forgetOld(nowMs: number): void {
    if (this.#isActive) return;
    for (const [id, { atMs }] of this.#losses) if (nowMs - atMs > this.#options.windowMs) this.#losses.delete(id);
  }
}

const NOTHING: ReadonlyMap<string, Loss> = new Map();
