import { parseDocument } from 'yaml';
import { ParseError } from '../errors.js';

/** References to anchors in one document: enough for people, too few for a bomb of references to references. */
const ALIASES_MAX = 100;

/** Reads one YAML 1.2 document. Keys must be unique; dates stay text. @throws ParseError with line and column. */
export function parseYaml(text: string, document: string): unknown {
  const parsed = parseDocument(text, { prettyErrors: true, version: '1.2', uniqueKeys: true, stringKeys: true });
  const [error] = parsed.errors;
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    throw new ParseError(document, firstLine(error.message), line, col);
  }
  try {
    return (parsed.toJS({ maxAliasCount: ALIASES_MAX }) as unknown) ?? {};
  } catch (cause) {
    // References that cannot be resolved, or too many, have no place.
    throw new ParseError(document, firstLine(String((cause as Error).message)), 1, 1);
  }
}

/** The library adds a picture of the place, which an error of one line has no room for. */
function firstLine(message: string): string {
  return message.split(/ at line \d+|\n/u, 1)[0]!;
}
