import type { KeyRing } from '../encryption/key-ring.js';
import { resealDocument } from '../encryption/sealed-document.js';
import type { ScopeReader } from '../ensemble/scope-reader.js';
import { NotFoundError, TooLargeError } from '../errors.js';
import { type ContentRef, encodeContent, type EncodedContent } from '../layout/content.js';
import type { DocumentEntry, ReleaseRecord } from '../layout/record.js';
import { limits } from '../limits.js';
import { documentId, type Scope } from '../names.js';
import { changesBetween, type Draft, type DraftMaker } from './draft.js';
import { schemaText } from './release-check.js';

/** A release that repeats an old one. */
export function repeatRelease(
  reader: ScopeReader,
  scope: Scope,
  old: ReleaseRecord,
  signal: AbortSignal | undefined,
): DraftMaker {
  return async (base) => {
    const { documents, schemas, release } = old;
    const changed = new Set(changesBetween(base.documents, documents).map(documentId));
    const entries = documents.filter((entry) => changed.has(documentId(entry)));
    const contents = await Promise.all(
      entries.map(async ({ content }) => reencoded(content, await reader.content(scope, content, {}, signal))),
    );
    const draft = { documents, schemas, contents: contents.flatMap((content) => content ?? []) };
    return release === 0 ? draft : { ...draft, rollbackOf: release, sources: [release] };
  };
}

/** An old content ready to ride along again. Nothing when this program compresses it to other bytes than the one that stored it. */
function reencoded(ref: ContentRef, text: string): EncodedContent | undefined {
  const encoded = encodeContent(text);
  return encoded.ref.hash === ref.hash ? encoded : undefined;
}

/**
 * A release that binds a schema to a document or to the merged tree, or takes it away.
 * @throws InvalidInputError | TooLargeError; NotFoundError when there is none to take away
 */
export function changeSchema(name: string, schema: unknown): DraftMaker {
  const content = schema === undefined ? undefined : encodeContent(schemaText(schema, 'schema'));
  return ({ documents, schemas }): Draft => {
    if (content === undefined && !Object.hasOwn(schemas, name)) throw new NotFoundError(`schema of ${name}`);
    const { [name]: _old, ...others } = schemas;
    if (content === undefined) return { documents, schemas: others, contents: [] };
    const all = { ...others, [name]: content.ref };
    const count = Object.keys(all).length;
    if (count > limits.schemasMax) throw new TooLargeError('number of schemas', count, limits.schemasMax);
    return { documents, schemas: all, contents: [content] };
  };
}

/** A release in which everything encrypted is so with the ring's first key. */
export function reencryptAll(
  reader: ScopeReader,
  scope: Scope,
  keys: KeyRing,
  signal: AbortSignal | undefined,
): DraftMaker {
  return async ({ documents, schemas }) => {
    const contents: EncodedContent[] = [];
    const resealed = documents.map(async (entry): Promise<DocumentEntry> => {
      const content = await reader.content(scope, entry.content, {}, signal);
      const fresh = resealDocument({ ...entry, content }, scope, keys);
      if (fresh.content === content) return entry;
      const encoded = encodeContent(fresh.content);
      contents.push(encoded);
      return { ...entry, content: encoded.ref };
    });
    return { documents: await Promise.all(resealed), schemas, contents };
  };
}
