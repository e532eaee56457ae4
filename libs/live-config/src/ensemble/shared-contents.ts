import type { DocumentFormat } from '../documents.js';
import { parseContent } from '../formats/parse.js';
import type { ReleaseRecord } from '../layout/record.js';
import type { ConfigValue } from '../values/tree.js';
import { BoundedCache } from './bounded-cache.js';

/*
 * What this process has read and checked, by SHA-256. A content is the same whoever reads it and from wherever, so all readers and
 * subscriptions of a process share one copy: a release that reaches a thousand of them is decoded and parsed once. Only what is stored
 * is in here, encrypted values as tokens; nothing that was decrypted.
 */

const CHARACTERS_MAX = 16 * 1024 * 1024;

const texts = new BoundedCache<string>(CHARACTERS_MAX);
const records = new BoundedCache<ReleaseRecord>(CHARACTERS_MAX);
const values = new BoundedCache<ConfigValue>(CHARACTERS_MAX);

/** Contents as text. */
export const sharedTexts = {
  get: (hash: string): string | undefined => texts.get(hash),
  set: (hash: string, text: string): void => texts.set(hash, text, text.length),
};

/** Records of releases. */
export const sharedRecords = {
  get: (hash: string): ReleaseRecord | undefined => records.get(hash),
  set: (hash: string, record: ReleaseRecord, sizeBytes: number): void =>
    records.set(hash, deepFreeze(record), sizeBytes),
};

/** The value of a content whose hash is known; frozen, because others see the same one. @throws as `parseContent` */
export function parseShared(hash: string, format: DocumentFormat, content: string, document: string): ConfigValue {
  const key = `${format}:${hash}`;
  const known = values.get(key);
  if (known !== undefined) return known;
  const value = deepFreeze(parseContent(format, content, document));
  values.set(key, value, content.length);
  return value;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}
