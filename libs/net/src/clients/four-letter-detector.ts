/** Gathers the first four bytes of a connection: a word of four letters for an operator, or the length of the first frame. */
export class FourLetterDetector {
  #text = '';

  /** The four characters once they are there. */
  push(chunk: Buffer): string | undefined {
    this.#text += chunk.toString('latin1', 0, 4 - this.#text.length);
    return this.#text.length < 4 ? undefined : this.#text;
  }
}
