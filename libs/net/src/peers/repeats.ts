/** More different ones than this are forgotten all together, and told anew. */
const KEYS_MAX = 256;

/** Keeps what happens again and again from filling the log: the first time is told, and then the 2nd, 4th, 8th and so on. */
export class Repeats {
  readonly #counts = new Map<string, number>();

  /** Notes that it has happened; returns how often by now when that is worth a line, and else nothing. */
  worthTelling(what: string): number | undefined {
    if (this.#counts.size >= KEYS_MAX) this.#counts.clear();
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    return Number.isInteger(Math.log2(count)) ? count : undefined;
  }
}
