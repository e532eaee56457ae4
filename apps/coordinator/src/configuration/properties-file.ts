/** Reads the text form that Java calls "properties", which is the form of zoo.cfg. */

/** One `key=value` of the file, and the line on which it begins. */
export interface Property {
  readonly key: string;
  readonly value: string;
  /** Counts from 1. */
  readonly line: number;
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/**
 * The properties of a text, in the order of the file; a key may come more than once.
 * Blank lines and lines that begin with `#` or `!` are comments. A line that ends in an odd number of backslashes goes on in the next.
 * The key ends at the first `=`, `:` or blank that no backslash precedes.
 */
export function parseProperties(text: string): Property[] {
  const properties: Property[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (let index = 0; index < lines.length; index += 1) {
    let logical = trimStart(lines[index] ?? '');
    const line = index + 1;
    if (logical === '' || logical.startsWith('#') || logical.startsWith('!')) continue;
    while (endsInContinuation(logical)) {
      index += 1;
      logical = logical.slice(0, -1) + trimStart(lines[index] ?? '');
    }
    properties.push({ ...splitKeyAndValue(logical), line });
  }
  return properties;
}

function splitKeyAndValue(logical: string): { key: string; value: string } {
  let keyEnd = 0;
  while (keyEnd < logical.length && !'=: \t\f'.includes(logical.charAt(keyEnd))) {
    keyEnd += logical.charAt(keyEnd) === '\\' ? 2 : 1;
  }
  const value = logical.slice(keyEnd).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '');
  // ZooKeeper trims what Java's reader leaves at the end of a value.
  return { key: unescape(logical.slice(0, keyEnd)), value: unescape(value).trim() };
}

function endsInContinuation(line: string): boolean {
  const backslashes = /\\*$/.exec(line)?.[0].length ?? 0;
  return backslashes % 2 === 1;
}

function trimStart(line: string): string {
  return line.replace(/^[ \t\f]+/, '');
}

function unescape(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_whole, hex: string | undefined, character: string) =>
    hex === undefined ? (ESCAPES[character] ?? character) : String.fromCharCode(parseInt(hex, 16)),
  );
}
