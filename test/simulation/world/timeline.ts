/** Something that happens at a moment of virtual time. */
interface Happening {
  readonly atUs: number;
  /** Of two at the same moment the one that was planned first happens first. */
  readonly order: number;
  readonly run: () => void;
}

/** Virtual time: a queue of what is to happen. A microsecond passes only when nothing is left to do before it. */
export class Timeline {
  #nowUs = 0;
  #order = 0;
  /** A binary heap, the earliest first. */
  readonly #heap: Happening[] = [];

  get nowMs(): number {
    return this.#nowUs / 1000;
  }

  after(delayMs: number, run: () => void): void {
    this.#push({ atUs: this.#nowUs + Math.max(0, Math.round(delayMs * 1000)), order: this.#order, run });
    this.#order += 1;
  }

  at(timeMs: number, run: () => void): void {
    this.after(timeMs - this.nowMs, run);
  }

  /** Lets the next thing happen, unless it lies after `untilMs`. Returns whether one did. */
  step(untilMs: number): boolean {
    const next = this.#heap[0];
    if (next === undefined || next.atUs > untilMs * 1000) return false;
    this.#pop();
    this.#nowUs = next.atUs;
    next.run();
    return true;
  }

  #push(happening: Happening): void {
    const heap = this.#heap;
    let index = heap.push(happening) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isEarlier(happening, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = happening;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isEarlier(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isEarlier(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function isEarlier(a: Happening, b: Happening): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);
}
