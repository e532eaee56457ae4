/** How much a caller may still do. Refills with time, up to one second's worth. */
interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** So many callers are told apart; beyond, whoever was unheard for longest is forgotten, which gives him a full bucket again. */
const CALLERS_MAX = 10_000;

/** Token buckets, one for each caller. Time comes from outside. */
export class RateLimiter {
  readonly #perSecondMax: number;
  /** In the order in which they were last heard. */
  readonly #buckets = new Map<string, Bucket>();

  /** `perSecondMax` of 0 means no limit. */
  constructor(perSecondMax: number) {
    this.#perSecondMax = perSecondMax;
  }

  /** Takes one; returns 0, or how many milliseconds to wait before the next try. */
  take(caller: string, nowMs: number): number {
    const max = this.#perSecondMax;
    if (max === 0) return 0;
    const bucket = this.#bucketOf(caller, nowMs);
    bucket.tokens = Math.min(max, bucket.tokens + ((nowMs - bucket.filledAtMs) * max) / 1000);
    bucket.filledAtMs = nowMs;
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 1000) / max);
    bucket.tokens -= 1;
    return 0;
  }

  #bucketOf(caller: string, nowMs: number): Bucket {
    const bucket = this.#buckets.get(caller) ?? { tokens: this.#perSecondMax, filledAtMs: nowMs };
    this.#buckets.delete(caller);
    this.#buckets.set(caller, bucket);
    if (this.#buckets.size > CALLERS_MAX) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    return bucket;
  }
}
