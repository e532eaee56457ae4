import type { DocumentFormat } from '../documents.js';
import { IntegrityError } from '../errors.js';
import type { DocumentKey } from '../names.js';
import type { DocumentChangeInfo, ReleaseInfo } from '../store/types.js';
import { type ContentRef, decodeContent, encodeContent, type EncodedContent } from './content.js';

/** One document of a release: what it is, and where its content lies. */
export interface DocumentEntry extends DocumentKey {
  readonly format: DocumentFormat;
  readonly encrypted: boolean;
  readonly content: ContentRef;
}

/** One release: everything that there is to know about it but the contents. Written once, never changed. */
export interface ReleaseRecord {
  readonly release: number;
  readonly parent: number;
  /** By chance; makes the record of one call of `publish` different from any other, so that it can be found again after a lost reply. */
  readonly id: string;
  readonly author: string;
  readonly comment: string;
  readonly createdAtMs: number;
  readonly rollbackOf?: number | undefined;
  readonly changes: readonly DocumentChangeInfo[];
  readonly documents: readonly DocumentEntry[];
  /** JSON schemas: by document, or `*` for the merged tree. */
  readonly schemas: Readonly<Record<string, ContentRef>>;
}

/** A release as the pointer names it: the number finds the record, the rest proves and reads it. */
export interface ReleaseRef {
  readonly release: number;
  readonly record: ContentRef;
}

/** The record of a scope that was never released. */
export const EMPTY_RECORD: ReleaseRecord = {
  release: 0,
  parent: 0,
  id: '',
  author: '',
  comment: '',
  createdAtMs: 0,
  changes: [],
  documents: [],
  schemas: {},
};

/** A record as bytes, and how to name it. */
export function encodeRecord(record: ReleaseRecord): EncodedContent {
  return encodeContent(JSON.stringify(record));
}

/** Reads a record that a pointer named. @throws IntegrityError */
export function decodeRecord(ref: ReleaseRef, bytes: Uint8Array, where: string): ReleaseRecord {
  const record = JSON.parse(decodeContent(ref.record, bytes, where)) as ReleaseRecord;
  if (record.release !== ref.release) throw new IntegrityError(where, `is the record of release ${record.release}`);
  return record;
}

/** A record for people. */
export function describeRecord(record: ReleaseRecord): ReleaseInfo {
  const { release, parent, author, comment, createdAtMs, rollbackOf, changes } = record;
  const documents = record.documents.map(({ profile, name, format, encrypted, content }) => ({
    ...(profile === undefined ? {} : { profile }),
    name,
    format,
    hash: content.hash,
    sizeBytes: content.sizeBytes,
    encrypted,
  }));
  const schemas = Object.keys(record.schemas);
  const info = { release, parent, author, comment, createdAtMs, changes, documents, schemas };
  return rollbackOf === undefined ? info : { ...info, rollbackOf };
}
