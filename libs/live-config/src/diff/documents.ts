import type { DocumentFormat } from '../documents.js';
import { isSealed } from '../encryption/sealed-value.js';
import { parseContent } from '../formats/parse.js';
import { type DocumentKey, documentId } from '../names.js';
import { leavesOf } from '../values/pointer.js';
import type { ConfigValue } from '../values/tree.js';
import { unifiedDiff } from './lines.js';

/** One value that differs. */
export interface ValueChange {
  /** JSON pointer within the document. */
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
  readonly before?: ConfigValue;
  readonly after?: ConfigValue;
}

/** How one document differs between two releases. */
export interface DocumentDiff extends DocumentKey {
  readonly kind: 'added' | 'changed' | 'removed';
  /** By path; empty for `text`, and when only layout or comments differ. */
  readonly values: readonly ValueChange[];
  /** By line, as `diff -u` shows it. */
  readonly text: string;
}

/** How two releases differ. Encrypted values are shown as `{encrypted}`. */
export interface ReleaseDiff {
  readonly from: number;
  readonly to: number;
  readonly documents: readonly DocumentDiff[];
}

/** What a difference is made of. */
export interface DiffableDocument extends DocumentKey {
  readonly format: DocumentFormat;
  readonly content: string;
}

/** Stands in for what nobody may read in a difference. */
const HIDDEN = '{encrypted}';

/** The differences between two sets of documents, in the order of their ids. */
export function diffDocuments(before: readonly DiffableDocument[], after: readonly DiffableDocument[]): DocumentDiff[] {
  const old = new Map(before.map((document) => [documentId(document), document]));
  const fresh = new Map(after.map((document) => [documentId(document), document]));
  const ids = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  return ids.flatMap((id) => diffDocument(old.get(id), fresh.get(id)) ?? []);
}

function diffDocument(
  before: DiffableDocument | undefined,
  after: DiffableDocument | undefined,
): DocumentDiff | undefined {
  const { name, profile } = (after ?? before)!;
  if (before?.content === after?.content && before?.format === after?.format) return undefined;
  return {
    ...(profile === undefined ? {} : { profile }),
    name,
    kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    values: diffValues(leaves(before), leaves(after)),
    text: unifiedDiff(shown(before), shown(after)),
  };
}

function leaves(document: DiffableDocument | undefined): Map<string, ConfigValue> {
  if (document === undefined || document.format === 'text' || isSealed(document.content)) return new Map();
  return new Map(leavesOf(parseContent(document.format, document.content, documentId(document))));
}

function diffValues(before: ReadonlyMap<string, ConfigValue>, after: ReadonlyMap<string, ConfigValue>): ValueChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path): ValueChange[] => {
    const old = before.get(path);
    const fresh = after.get(path);
    // Leaves are scalars, or empty lists and trees: their JSON says whether they are the same.
    if (JSON.stringify(old) === JSON.stringify(fresh)) return [];
    if (old === undefined) return [{ path, kind: 'added', after: hide(fresh!) }];
    if (fresh === undefined) return [{ path, kind: 'removed', before: hide(old) }];
    return [{ path, kind: 'changed', before: hide(old), after: hide(fresh) }];
  });
}

function hide(value: ConfigValue): ConfigValue {
  return typeof value === 'string' && isSealed(value) ? HIDDEN : value;
}

function shown(document: DiffableDocument | undefined): string {
  return document?.content.replace(/\{aes-gcm:[A-Za-z0-9._-]+\}[A-Za-z0-9_-]+/gu, HIDDEN) ?? '';
}
