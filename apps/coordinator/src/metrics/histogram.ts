/** Counts values in buckets, several equal values at once; reading it is somebody else's business. */
export class Histogram {
  /** The upper bounds of the buckets, going up; what lies above the last is only in `count`. */
  readonly bounds: readonly number[];
  readonly #counts: Float64Array;
  #count = 0;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = new Float64Array(bounds.length);
  }

  /** Notes `count` occurrences of a value. */
  observe(value: number, count = 1): void {
    this.#count += count;
    this.#sum += value * count;
    for (let bucket = 0; bucket < this.bounds.length; bucket += 1) {
      if (value <= (this.bounds[bucket] ?? Infinity)) {
        this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
        return;
      }
    }
  }

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum;
  }

  /** For each bound, how many values were not above it. */
  cumulativeCounts(): number[] {
    let total = 0;
    return Array.from(this.#counts, (count) => (total += count));
  }
}
