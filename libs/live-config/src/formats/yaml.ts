import { Composer, type Document, isScalar, Lexer, Parser, visit } from 'yaml';
import { ParseError, TooLargeError } from '../errors.js';
import { limits } from '../limits.js';
import { parseErrorAt } from './position.js';

/** References to one anchor: enough for people, too few for a bomb of references to references. */
const ALIASES_PER_ANCHOR_MAX = 100;
/** References in one document: the library looks for the anchor of each. */
const ALIASES_MAX = 1000;
/** The document itself, and the scalar at the bottom. */
const STACK_BESIDE_TREE = 2;

/** A YAML document with its comments and its order. */
export type YamlDocument = Document.Parsed;

/** Reads one YAML 1.2 document. Keys must be unique; dates stay text. @throws ParseError with line and column | TooLargeError */
export function parseYaml(text: string, document: string): unknown {
  const parsed = readYaml(text, document);
  try {
    return (parsed.toJS({ maxAliasCount: ALIASES_PER_ANCHOR_MAX }) as unknown) ?? {};
  } catch (cause) {
    // References that cannot be resolved, or too many, have no place.
    throw new ParseError(document, String((cause as Error).message), 1, 1);
  }
}

/** The same, to be changed and written again. @throws ParseError | TooLargeError */
export function readYaml(text: string, document: string): YamlDocument {
  const fail = (offset: number, reason: string): never => {
    throw parseErrorAt(document, text, offset, reason);
  };
  // The library finds keys that are there twice by comparing each with each, so that is done below.
  const composer = new Composer({ version: '1.2', stringKeys: true, uniqueKeys: false });
  const [parsed, other] = [...composer.compose(tokensOf(text, document), true, text.length)] as YamlDocument[];
  if (parsed === undefined) return fail(0, 'is not YAML');
  if (other !== undefined) fail(other.range[0], 'another document begins here; there may be one');
  const [error] = parsed.errors;
  if (error !== undefined) fail(error.pos[0], error.message);
  checkKeysAndAliases(parsed, fail);
  return parsed;
}

/** The tokens of a text. What follows calls itself for what is nested, so what nests deeper than a tree may is refused here. */
function* tokensOf(text: string, document: string): ReturnType<Parser['parse']> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    const depth = parser.stack.length - STACK_BESIDE_TREE;
    if (depth > limits.treeDepthMax) throw new TooLargeError(`depth of ${document}`, depth, limits.treeDepthMax);
  }
  yield* parser.end();
}

function checkKeysAndAliases(parsed: YamlDocument, fail: (offset: number, reason: string) => never): void {
  let aliases = 0;
  visit(parsed, {
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) fail(key.range?.[0] ?? 0, `the key ${JSON.stringify(key.value)} is there twice`);
        seen.add(key.value);
      }
    },
    Alias(_key, alias) {
      aliases += 1;
      if (aliases > ALIASES_MAX) fail(alias.range?.[0] ?? 0, `more than ${ALIASES_MAX} aliases`);
    },
  });
}
