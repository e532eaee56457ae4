import { parseErrorAt } from './position.js';

/** One `key=value` of a properties file, escapes resolved, and where its value stands in the text. */
export interface PropertyLine {
  readonly key: string;
  readonly value: string;
  /** Where the key begins. */
  readonly offset: number;
  /** Where the value begins and ends in the text, escapes and continuations included. */
  readonly valueStart: number;
  readonly valueEnd: number;
}

const BLANK = /[ \t\f]*/uy;

/**
 * Reads a `.properties` file by the rules of `java.util.Properties`: `=`, `:` or blanks end a key; `#` and `!` begin a comment; a
 * backslash at the end continues the line, whose leading blanks are skipped; `\t \n \r \f` and `\uXXXX` are escapes, a backslash before
 * anything else is dropped. The text is Unicode; nothing needs to be escaped as Latin-1.
 * @throws ParseError for a `\u` without four hexadecimal digits, as Java does.
 */
export function* propertyLines(text: string, document: string): Generator<PropertyLine> {
  let at = 0;
  while (at < text.length) {
    at = skip(BLANK, text, at);
    const first = text[at];
    if (first === '\n' || first === '\r') at += 1;
    else if (first === '#' || first === '!') at = endOfLine(text, at);
    else if (first !== undefined) {
      const line = readLine(text, at, document);
      yield line;
      at = line.valueEnd;
    }
  }
}

function readLine(text: string, offset: number, document: string): PropertyLine {
  const key = readText(text, offset, document, true);
  let at = skipBlankAndContinuation(text, key.end);
  if (text[at] === '=' || text[at] === ':') at = skipBlankAndContinuation(text, at + 1);
  const value = readText(text, at, document, false);
  return { key: key.text, value: value.text, offset, valueStart: at, valueEnd: value.end };
}

/** Reads up to the end of the line, or, for a key, up to what ends a key. */
function readText(text: string, from: number, document: string, isKey: boolean): { text: string; end: number } {
  let read = '';
  let at = from;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '\n' || character === '\r') break;
    if (isKey && '=: \t\f'.includes(character)) break;
    if (character !== '\\') {
      read += character;
      at += 1;
      continue;
    }
    const continued = continuationEnd(text, at);
    if (continued !== undefined) {
      at = continued;
      continue;
    }
    const escape = readEscape(text, at, document);
    read += escape.text;
    at = escape.end;
  }
  return { text: read, end: at };
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function readEscape(text: string, at: number, document: string): { text: string; end: number } {
  const letter = text[at + 1] ?? '';
  if (letter !== 'u') return { text: ESCAPES[letter] ?? letter, end: at + 1 + letter.length };
  const digits = text.slice(at + 2, at + 6);
  if (!/^[0-9a-fA-F]{4}$/u.test(digits)) {
    throw parseErrorAt(document, text, at, '\\u must be followed by four hexadecimal digits');
  }
  return { text: String.fromCharCode(Number.parseInt(digits, 16)), end: at + 6 };
}

/** Where reading goes on after a backslash that ends a line; nothing when it does not. */
function continuationEnd(text: string, at: number): number | undefined {
  const next = text[at + 1];
  if (next !== '\n' && next !== '\r') return undefined;
  const lineStart = at + (text.startsWith('\r\n', at + 1) ? 3 : 2);
  return skip(BLANK, text, lineStart);
}

function skipBlankAndContinuation(text: string, from: number): number {
  let at = skip(BLANK, text, from);
  while (text[at] === '\\') {
    const continued = continuationEnd(text, at);
    if (continued === undefined) break;
    at = continued;
  }
  return at;
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return pattern.lastIndex;
}

/** Writes a value so that it reads back as it is. */
export function escapePropertyValue(value: string): string {
  return escape(value).replace(/^ +/u, (blanks) => '\\ '.repeat(blanks.length));
}

/** Writes a key so that it reads back as it is. */
export function escapePropertyKey(key: string): string {
  return escape(key).replace(/[ =:#!]/gu, '\\$&');
}

function escape(text: string): string {
  const named: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f' };
  return text.replace(/[\\\t\n\r\f]/gu, (character) => named[character]!);
}
