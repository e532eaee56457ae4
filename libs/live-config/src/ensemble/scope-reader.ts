import { IntegrityError, NotFoundError } from '../errors.js';
import { type ContentRef, decodeContent } from '../layout/content.js';
import { releasePath, ROOT_DEFAULT, type ScopePaths, scopePaths } from '../layout/paths.js';
import { decodePointer, type Pointer } from '../layout/pointer.js';
import { decodeRecord, EMPTY_RECORD, type ReleaseRecord, type ReleaseRef } from '../layout/record.js';
import { decodeRecordZnode } from '../layout/record-znode.js';
import { describeScope, type Scope } from '../names.js';
import { type ConfigClient, withSignal } from './client-port.js';
import { sharedRecords, sharedTexts } from './shared-contents.js';

/** A pointer and the version that a write of it must name; no version while the znode is absent. */
export interface VersionedPointer {
  readonly pointer: Pointer;
  readonly version: number | undefined;
}

/** Reads pointers, records and contents, and believes none of them before their hashes match. */
export class ScopeReader {
  readonly #client: ConfigClient;
  readonly root: string;

  constructor(client: ConfigClient, root: string = ROOT_DEFAULT) {
    this.#client = client;
    this.root = root;
  }

  paths(scope: Scope): ScopePaths {
    return scopePaths(this.root, scope);
  }

  /** Where the scope stands now. @throws IntegrityError */
  async pointer(scope: Scope, signal?: AbortSignal): Promise<VersionedPointer> {
    const { current } = this.paths(scope);
    const znode = await this.#client.getOrUndefined(current, withSignal(signal));
    return { pointer: decodePointer(znode?.data, current), version: znode?.stat.version };
  }

  /** The record that a pointer names; an empty one for none. @throws IntegrityError when it is missing or was changed. */
  async record(
    scope: Scope,
    ref: ReleaseRef | undefined,
    inline: Pointer['inline'],
    signal?: AbortSignal,
  ): Promise<ReleaseRecord> {
    if (ref === undefined) return EMPTY_RECORD;
    const { hash, sizeBytes } = ref.record;
    const known = sharedRecords.get(hash);
    if (known?.release === ref.release) return known;
    const path = releasePath(this.paths(scope), ref.release);
    const inlined = inline[hash];
    const record =
      inlined === undefined
        ? await this.#storedRecord(path, ref, signal)
        : decodeRecord(ref, Buffer.from(inlined, 'base64'), path);
    sharedRecords.set(hash, record, sizeBytes);
    return record;
  }

  async #storedRecord(path: string, ref: ReleaseRef, signal: AbortSignal | undefined): Promise<ReleaseRecord> {
    const znode = await this.#client.getOrUndefined(path, withSignal(signal));
    if (znode === undefined) throw new IntegrityError(path, 'is missing, and the pointer names it');
    return decodeRecordZnode(znode.data, ref.release, ref, path);
  }

  /** The record of a release by its number; an empty one for 0. @throws NotFoundError | IntegrityError */
  async recordOf(scope: Scope, release: number, signal?: AbortSignal): Promise<ReleaseRecord> {
    const record = await this.recordIfAny(scope, release, signal);
    if (record === undefined) throw new NotFoundError(`release ${release} of ${describeScope(scope)}`);
    return record;
  }

  /** The record of a release, or nothing when there is none. @throws IntegrityError */
  async recordIfAny(scope: Scope, release: number, signal?: AbortSignal): Promise<ReleaseRecord | undefined> {
    if (release === 0) return EMPTY_RECORD;
    const path = releasePath(this.paths(scope), release);
    const znode = await this.#client.getOrUndefined(path, withSignal(signal));
    return znode === undefined ? undefined : decodeRecordZnode(znode.data, release, undefined, path);
  }

  /** A content, from the pointer when it rides along there. @throws IntegrityError when it is missing or was changed. */
  async content(scope: Scope, ref: ContentRef, inline: Pointer['inline'] = {}, signal?: AbortSignal): Promise<string> {
    const cached = sharedTexts.get(ref.hash);
    if (cached !== undefined) return cached;
    const path = `${this.paths(scope).contents}/${ref.hash}`;
    const inlined = inline[ref.hash];
    const bytes = inlined === undefined ? await this.#stored(path, ref, signal) : Buffer.from(inlined, 'base64');
    const text = decodeContent(ref, bytes, path);
    sharedTexts.set(ref.hash, text);
    return text;
  }

  async #stored(path: string, ref: ContentRef, signal: AbortSignal | undefined): Promise<Buffer> {
    const paths = ref.parts === 1 ? [path] : Array.from({ length: ref.parts }, (_, i) => partPath(path, i));
    const parts = await Promise.all(paths.map((part) => this.#client.getOrUndefined(part, withSignal(signal))));
    const bytes = parts.map((part, i) => {
      if (part === undefined) throw new IntegrityError(paths[i]!, 'is missing, and a release names it');
      return part.data;
    });
    return bytes.length === 1 ? bytes[0]! : Buffer.concat(bytes);
  }
}

/** The znode of one part of a content that needs several. */
export function partPath(content: string, part: number): string {
  return `${content}/${String(part).padStart(4, '0')}`;
}
