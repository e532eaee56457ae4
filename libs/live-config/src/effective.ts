import type { ConfigDocument, DocumentFormat } from './documents.js';
import { parseShared } from './ensemble/shared-contents.js';
import { parseContent } from './formats/parse.js';
import { type DocumentKey, documentId } from './names.js';
import { type ConfigTree, type ConfigValue, isTree, merge } from './values/tree.js';

/** A document of one level, in the clear. */
export interface LevelDocument extends DocumentKey {
  readonly format: DocumentFormat;
  readonly content: string;
  /** The content read; parsed once, however many combinations of profiles use it. */
  readonly value: ConfigValue;
}

/**
 * Reads a document. With the hash of its content it is read once for all of this process.
 * @throws ParseError | InvalidInputError | TooLargeError
 */
export function levelDocument(
  document: DocumentKey & { readonly format: DocumentFormat; readonly content: string; readonly contentHash?: string },
): LevelDocument {
  const { profile, name, format, content, contentHash } = document;
  const id = documentId(document);
  const value =
    contentHash === undefined ? parseContent(format, content, id) : parseShared(contentHash, format, content, id);
  return { ...(profile === undefined ? {} : { profile }), name, format, content, value };
}

/** Documents and their tree, all levels laid over each other. */
export interface MergedConfig {
  readonly documents: ReadonlyMap<string, ConfigDocument>;
  readonly values: ConfigTree;
}

/**
 * What a combination of profiles sees. The scopes come from the weakest to the strongest: the namespace's documents, the application's.
 * See `Target` for what overrides what.
 */
export function mergeLevels(scopes: readonly (readonly LevelDocument[])[], profiles: readonly string[]): MergedConfig {
  const documents = new Map<string, ConfigDocument>();
  let values: ConfigTree = {};
  for (const scope of scopes) {
    for (const profile of [undefined, ...profiles]) {
      const level = scope.filter((document) => document.profile === profile);
      for (const document of level.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const { name, format, content, value } = document;
        const under = documents.get(name)?.value;
        documents.set(name, { name, format, content, value: format === 'text' ? value : merge(under, value) });
        if (format !== 'text' && isTree(value)) values = merge(values, value) as ConfigTree;
      }
    }
  }
  return { documents, values };
}
