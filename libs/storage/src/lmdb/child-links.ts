/**
 * Children of one znode that came and went since the last flush. Creates only append; who lists the children sorts out what the
 * appended comes to, and only what is new since the last time, because far more children are created than listings are read.
 */
export class ChildLinks {
  readonly #names: string[] = [];
  readonly #present: boolean[] = [];
  readonly #sorted = new Map<string, boolean>();
  #sortedCount = 0;

  append(name: string, present: boolean): void {
    this.#names.push(name);
    this.#present.push(present);
  }

  /** Each name once, with whether the child is there now. */
  latest(): ReadonlyMap<string, boolean> {
    for (; this.#sortedCount < this.#names.length; this.#sortedCount++) {
      this.#sorted.set(this.#names[this.#sortedCount]!, this.#present[this.#sortedCount]!);
    }
    return this.#sorted;
  }
}
