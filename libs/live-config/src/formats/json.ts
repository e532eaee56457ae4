import { limits } from '../limits.js';
import { parseErrorAt } from './position.js';

/** Reads JSON (RFC 8259). @throws ParseError with line and column. */
export function parseJson(text: string, document: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The engine's message has no reliable place, so the text is read again by somebody who keeps count.
    const { offset, reason } = new FaultFinder(text).find();
    throw parseErrorAt(document, text, offset, reason);
  }
}

class Fault {
  constructor(
    readonly offset: number,
    readonly reason: string,
  ) {}
}

/** Walks a text that is not JSON to the first place where it stops being JSON. */
class FaultFinder {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  find(): Fault {
    try {
      this.#value();
      this.#blank();
      return new Fault(
        this.#at,
        this.#at < this.#text.length ? `unexpected ${this.#here()} after the end` : 'is not JSON',
      );
    } catch (error) {
      if (error instanceof Fault) return error;
      throw error;
    }
  }

  #value(): void {
    this.#blank();
    const character = this.#text[this.#at];
    if (character === '{') return this.#sequence('}', () => this.#member());
    if (character === '[') return this.#sequence(']', () => this.#value());
    if (character === '"') return this.#string();
    const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/uy;
    scalar.lastIndex = this.#at;
    if (!scalar.test(this.#text)) this.#fail(`expected a value, not ${this.#here()}`);
    this.#at = scalar.lastIndex;
  }

  #member(): void {
    this.#blank();
    if (this.#text[this.#at] !== '"') this.#fail(`expected a key in double quotes, not ${this.#here()}`);
    this.#string();
    this.#blank();
    if (this.#text[this.#at] !== ':') this.#fail(`expected ":", not ${this.#here()}`);
    this.#at += 1;
    this.#value();
  }

  #sequence(end: string, item: () => void): void {
    // The stack ends, and a text need not.
    this.#depth += 1;
    if (this.#depth > limits.treeDepthMax) this.#fail(`is nested deeper than ${limits.treeDepthMax} levels`);
    this.#items(end, item);
    this.#depth -= 1;
  }

  #items(end: string, item: () => void): void {
    this.#at += 1;
    this.#blank();
    if (this.#text[this.#at] === end) {
      this.#at += 1;
      return;
    }
    for (;;) {
      item();
      this.#blank();
      const character = this.#text[this.#at];
      if (character !== ',' && character !== end) this.#fail(`expected "," or "${end}", not ${this.#here()}`);
      this.#at += 1;
      if (character === end) return;
    }
  }

  #string(): void {
    this.#at += 1;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || character < ' ') this.#fail('a string is not closed on its line');
      if (character === '\\') {
        const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/uy;
        escape.lastIndex = this.#at;
        if (!escape.test(this.#text)) this.#fail('not an escape that JSON knows');
        this.#at = escape.lastIndex;
        continue;
      }
      this.#at += 1;
      if (character === '"') return;
    }
  }

  #blank(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? '.')) this.#at += 1;
  }

  #here(): string {
    const character = this.#text[this.#at];
    return character === undefined ? 'the end' : JSON.stringify(character);
  }

  #fail(reason: string): never {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- caught in find(); never leaves this file
    throw new Fault(this.#at, reason);
  }
}
