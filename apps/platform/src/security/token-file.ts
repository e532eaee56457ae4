/** Reads a token file: YAML with one entry for each token, of which only the hash is kept. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { type Grant, ROLES, type Role } from './access.js';

/** A token that is known. */
export interface TokenEntry {
  readonly name: string;
  /** SHA-256 of the token. */
  readonly hash: Buffer;
  readonly grants: readonly Grant[];
}

/** The token file cannot be used. The message names file, line and what is allowed. */
export class TokenFileError extends Error {
  override readonly name = 'TokenFileError';

  constructor(file: string, line: number | undefined, sentence: string, options?: ErrorOptions) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${sentence}`, options);
  }
}

const TOKENS_MAX = 10_000;
const NAME = /^[^\p{Cc}]{1,128}$/u;
const HASH = /^[0-9a-f]{64}$/i;
const NAMESPACE = /^(\*|[A-Za-z0-9][A-Za-z0-9._-]{0,127})$/u;
const SERVICES = /^(\*|[^\s/\p{Cc}]{1,128})$/u;

/** Parses the text of a token file. @throws TokenFileError */
export function parseTokenFile(file: string, text: string): TokenEntry[] {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  const lineAt = (offset: number | undefined): number | undefined =>
    offset === undefined ? undefined : lineCounter.linePos(offset).line;
  if (error !== undefined) throw new TokenFileError(file, lineAt(error.pos[0]), `is not YAML: ${error.message}`);
  const list: unknown = document.get('tokens', true);
  if (!isSeq(list)) throw new TokenFileError(file, 1, 'has no list of tokens; allowed: "tokens:" and entries below it');
  if (list.items.length > TOKENS_MAX) {
    throw new TokenFileError(file, undefined, `has ${list.items.length} tokens; allowed: at most ${TOKENS_MAX}`);
  }
  const entries = list.items.map((item) => {
    const line = lineAt(isMap(item) || isScalar(item) ? item.range?.[0] : undefined);
    const refuse = (sentence: string): never => {
      throw new TokenFileError(file, line, sentence);
    };
    return isMap(item) ? readEntry(item, refuse) : refuse('is no token; allowed: name, sha256 and grants');
  });
  refuseDoubles(file, entries);
  return entries;
}

type Refuse = (sentence: string) => never;

function readEntry(map: YAMLMap, refuse: Refuse): TokenEntry {
  const { name, sha256, grants, ...others } = map.toJSON() as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) refuse(`${other} does not exist; allowed: name, sha256, grants`);
  if (typeof name !== 'string' || !NAME.test(name)) return refuse('name is missing; allowed: 1 to 128 characters');
  if (typeof sha256 !== 'string' || !HASH.test(sha256)) {
    // What stands there may be the token itself, so it is not repeated.
    return refuse(`sha256 of "${name}" is no hash; allowed: the SHA-256 of the token in hex, 64 digits`);
  }
  if (!Array.isArray(grants) || grants.length === 0) return refuse(`grants of "${name}" are missing; allowed: a list`);
  return { name, hash: Buffer.from(sha256, 'hex'), grants: grants.map((grant) => readGrant(grant, name, refuse)) };
}

function readGrant(value: unknown, name: string, refuse: Refuse): Grant {
  if (typeof value !== 'object' || value === null) return refuse(`a grant of "${name}" is no group`);
  const { role, namespace, services, ...others } = value as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined)
    refuse(`${other} in a grant of "${name}" does not exist; allowed: role, namespace, services`);
  if (!ROLES.includes(role as Role)) {
    refuse(`role ${JSON.stringify(role)} of "${name}" does not exist; allowed: ${ROLES.join(', ')}`);
  }
  if (namespace === undefined && services === undefined) {
    refuse(`a grant of "${name}" is on nothing; allowed: namespace, services or both, "*" for all`);
  }
  checkPart('namespace', namespace, NAMESPACE, refuse);
  checkPart('services', services, SERVICES, refuse);
  return { role: role as Role, namespace: namespace as string | undefined, services: services as string | undefined };
}

function checkPart(field: string, value: unknown, pattern: RegExp, refuse: Refuse): void {
  if (value === undefined || (typeof value === 'string' && pattern.test(value))) return;
  refuse(`${field} ${JSON.stringify(value)} cannot be; allowed: a name, or "*" for all`);
}

function refuseDoubles(file: string, entries: readonly TokenEntry[]): void {
  for (const field of ['name', 'hash'] as const) {
    const seen = new Set<string>();
    for (const entry of entries) {
      const key = entry[field].toString('hex');
      if (seen.has(key)) throw new TokenFileError(file, undefined, `"${entry.name}" is there twice`);
      seen.add(key);
    }
  }
}
