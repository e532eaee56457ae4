/** Texts that were read, by hash, up to a bound; who came first goes first. */
export class ContentCache {
  readonly #texts = new Map<string, string>();
  readonly #lengthMax: number;
  #length = 0;

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  get(hash: string): string | undefined {
    return this.#texts.get(hash);
  }

  set(hash: string, text: string): void {
    if (this.#texts.has(hash) || text.length > this.#lengthMax) return;
    this.#texts.set(hash, text);
    this.#length += text.length;
    for (const [oldest, old] of this.#texts) {
      if (this.#length <= this.#lengthMax) return;
      this.#texts.delete(oldest);
      this.#length -= old.length;
    }
  }
}
