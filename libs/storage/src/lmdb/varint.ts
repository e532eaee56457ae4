/**
 * Numbers in as few bytes as they need: seven bits a byte, lowest first, the top bit says that more follow. Not with shifts beyond the
 * first 31 bits, because zxids and times are longer; a double holds 53.
 */

const MORE = 0x80;

/** Writes a whole number from 0 to 2^53 - 1; answers with where it ends. */
export function writeVarint(target: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest > 0x7fff_ffff) {
    target[at++] = (rest % MORE) | MORE;
    rest = Math.floor(rest / MORE);
  }
  while (rest >= MORE) {
    target[at++] = (rest & 0x7f) | MORE;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

/** The same for numbers of either sign, down to -2^52 and up to 2^52 - 1: small ones stay short. */
export function writeSignedVarint(target: Uint8Array, start: number, value: number): number {
  return writeVarint(target, start, value < 0 ? -2 * value - 1 : 2 * value);
}

/** Reads varints one after the other. One reader serves all. */
export class VarintReader {
  #bytes: Uint8Array = new Uint8Array(0);
  /** Where the next byte is. */
  at = 0;

  reset(bytes: Uint8Array, at: number): this {
    this.#bytes = bytes;
    this.at = at;
    return this;
  }

  unsigned(): number {
    let value = 0;
    for (let unit = 1; ; unit *= MORE) {
      const byte = this.#bytes[this.at++]!;
      // Behind the end there is no byte either.
      if (!(byte >= MORE)) return value + byte * unit;
      value += (byte - MORE) * unit;
    }
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
