import type { EjectionOptions } from './strategy.js';

/** When nothing else is said. */
export const EJECTION_DEFAULTS: Required<EjectionOptions> = {
  consecutiveFailures: 5,
  errorRate: 0.5,
  callsMin: 20,
  windowMs: 10_000,
  baseMs: 5000,
  maxMs: 300_000,
  shareMax: 0.5,
};

interface Record {
  consecutiveFailures: number;
  windowStartMs: number;
  calls: number;
  failures: number;
  /** How often it was ejected without a quiet time in between. */
  ejections: number;
  restsUntilMs: number;
}

/**
 * Gives instances that keep failing a rest. After it the instance is tried again; when it fails again the next rest is twice as long, and
 * when it holds out for as long as the last rest was, all is forgotten.
 */
export class Ejector {
  readonly #options: Required<EjectionOptions>;
  readonly #records = new Map<string, Record>();
  #wakesAtMs = Infinity;

  constructor(options: EjectionOptions = {}) {
    this.#options = { ...EJECTION_DEFAULTS, ...options };
  }

  /** When the next rest is over; Infinity when nobody rests. */
  get wakesAtMs(): number {
    return this.#wakesAtMs;
  }

  /** Notes how a call went. @returns whether the instance was ejected by it; `instances` is how many the service has. */
  note(id: string, success: boolean, nowMs: number, instances: number): boolean {
    const record = this.#recordOf(id, nowMs);
    if (nowMs < record.restsUntilMs) return false;
    if (record.ejections > 0 && nowMs - record.restsUntilMs >= this.#restMs(record.ejections)) record.ejections = 0;
    if (nowMs - record.windowStartMs >= this.#options.windowMs) openWindow(record, nowMs);
    record.calls += 1;
    if (success) {
      record.consecutiveFailures = 0;
      return false;
    }
    record.failures += 1;
    record.consecutiveFailures += 1;
    if (!this.#isBad(record) || !this.#mayEject(nowMs, instances)) return false;
    record.ejections += 1;
    record.restsUntilMs = nowMs + this.#restMs(record.ejections);
    record.consecutiveFailures = 0;
    openWindow(record, nowMs);
    this.#wakesAtMs = Math.min(this.#wakesAtMs, record.restsUntilMs);
    return true;
  }

  rests(id: string, nowMs: number): boolean {
    const record = this.#records.get(id);
    return record !== undefined && nowMs < record.restsUntilMs;
  }

  /** Forgets instances that are no more, and finds out when the next rest is over. */
  retain(ids: ReadonlySet<string>, nowMs: number): void {
    this.#wakesAtMs = Infinity;
    for (const [id, { restsUntilMs }] of this.#records) {
      if (!ids.has(id)) this.#records.delete(id);
      else if (nowMs < restsUntilMs) this.#wakesAtMs = Math.min(this.#wakesAtMs, restsUntilMs);
    }
  }

  #isBad({ consecutiveFailures, calls, failures }: Record): boolean {
    const { consecutiveFailures: max, callsMin, errorRate } = this.#options;
    return consecutiveFailures >= max || (calls >= callsMin && failures / calls >= errorRate);
  }

  #mayEject(nowMs: number, instances: number): boolean {
    let resting = 0;
    for (const { restsUntilMs } of this.#records.values()) if (nowMs < restsUntilMs) resting += 1;
    return resting + 1 <= instances * this.#options.shareMax;
  }

  #restMs(ejections: number): number {
    const { baseMs, maxMs } = this.#options;
    return Math.min(maxMs, baseMs * 2 ** (ejections - 1));
  }

  #recordOf(id: string, nowMs: number): Record {
    let record = this.#records.get(id);
    if (record === undefined) {
      record = {
        consecutiveFailures: 0,
        windowStartMs: nowMs,
        calls: 0,
        failures: 0,
        ejections: 0,
        restsUntilMs: -Infinity,
      };
      this.#records.set(id, record);
    }
    return record;
  }
}

function openWindow(record: Record, nowMs: number): void {
  record.windowStartMs = nowMs;
  record.calls = 0;
  record.failures = 0;
}
