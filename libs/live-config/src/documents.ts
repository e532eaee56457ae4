import type { DocumentKey } from './names.js';
import type { ConfigTree, ConfigValue } from './values/tree.js';

/** How a document is written. `text` is kept as it is and adds nothing to the merged tree. */
export type DocumentFormat = 'json' | 'yaml' | 'properties' | 'text';

/** The formats, in the order in which they are shown. */
export const DOCUMENT_FORMATS: readonly DocumentFormat[] = ['json', 'yaml', 'properties', 'text'];

/** One document of one scope and profile, as it was released. */
export interface StoredDocument extends DocumentKey {
  readonly format: DocumentFormat;
  /** As published. Encrypted values are tokens, `{aes-gcm:key-id}…`, unless they were asked for in the clear. */
  readonly content: string;
  /** SHA-256 of the content as it is stored, in hex. */
  readonly hash: string;
  /** Bytes of the content as it is stored. */
  readonly sizeBytes: number;
  /** Whether the whole document is one encrypted token. */
  readonly encrypted: boolean;
}

/** A document as one target sees it: the levels that have it, laid over each other. */
export interface ConfigDocument {
  readonly name: string;
  /** Of the strongest level. */
  readonly format: DocumentFormat;
  /** The text of the strongest level. */
  readonly content: string;
  /** The levels merged; for `text`, the text. */
  readonly value: ConfigValue;
}

/** One change of a release: a document written, or one deleted. */
export type DocumentChange = DocumentWrite | DocumentDelete;

/** A document written whole. */
export interface DocumentWrite extends DocumentKey {
  readonly format: DocumentFormat;
  /**
   * A string value that begins with `{encrypt}` is encrypted at rest, at its place: `password: '{encrypt}hunter2'`. A token that is
   * already encrypted for this very place stays as it is, so a document can be read, changed elsewhere and published again.
   */
  readonly content: string;
  /** Encrypts the whole document. */
  readonly encrypted?: boolean | undefined;
  readonly delete?: false | undefined;
}

/** A document taken away. */
export interface DocumentDelete extends DocumentKey {
  readonly delete: true;
}

/** What one target sees, all of one release. */
export interface EffectiveConfig {
  /** The application's release; 0 before the first. */
  readonly release: number;
  /** The release of the namespace's defaults; 0 before the first. */
  readonly defaultsRelease: number;
  readonly documents: ReadonlyMap<string, ConfigDocument>;
  /** All documents merged into one tree. */
  readonly values: ConfigTree;
}
