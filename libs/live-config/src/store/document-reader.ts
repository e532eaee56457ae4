import type { EffectiveConfig, StoredDocument } from '../documents.js';
import { mergeLevels } from '../effective.js';
import type { KeyRing } from '../encryption/key-ring.js';
import { unsealDocument } from '../encryption/sealed-document.js';
import type { ScopeReader } from '../ensemble/scope-reader.js';
import { NotFoundError } from '../errors.js';
import { type Pointer, releaseFor } from '../layout/pointer.js';
import { describeRecord, type ReleaseRecord } from '../layout/record.js';
import { describeScope, type DocumentKey, documentId, type Scope, type Target } from '../names.js';
import type { InstanceIdentity } from '../rollout/spec.js';
import { asStored, clearDocument, type LevelSource, levelsOf, readDocuments, storedDocument } from './levels.js';
import { checkRelease } from './release-history.js';
import type { CallOptions, DocumentInfo } from './types.js';

/** Which release is read: the current one by default. */
export interface ReadOptions extends CallOptions {
  readonly release?: number | undefined;
  /** Shows encrypted values in the clear. They are tokens otherwise. */
  readonly decrypt?: boolean | undefined;
}

/** Whose view is asked for. */
export interface EffectiveOptions extends CallOptions {
  readonly decrypt?: boolean | undefined;
  /** During a gradual release: as this instance sees it. By default as everybody else does. */
  readonly instance?: InstanceIdentity | undefined;
}

/** Reads documents of releases, one by one or as a target sees them. */
export class DocumentReader {
  readonly #reader: ScopeReader;
  readonly #keys: KeyRing | undefined;

  constructor(reader: ScopeReader, keys: KeyRing | undefined) {
    this.#reader = reader;
    this.#keys = keys;
  }

  async list(scope: Scope, options: ReadOptions): Promise<readonly DocumentInfo[]> {
    const { record } = await this.#record(scope, options);
    return describeRecord(record).documents;
  }

  /** @throws NotFoundError | KeyMissingError | IntegrityError */
  async get(scope: Scope, key: DocumentKey, options: ReadOptions): Promise<StoredDocument> {
    const { record, inline } = await this.#record(scope, options);
    const entry = record.documents.find((document) => documentId(document) === documentId(key));
    if (entry === undefined) throw new NotFoundError(`document ${documentId(key)} in ${describeScope(scope)}`);
    const content = await this.#reader.content(scope, entry.content, inline, options.signal);
    if (options.decrypt !== true) return storedDocument(entry, content);
    return storedDocument(entry, unsealDocument({ ...entry, content }, scope, this.#keys).content, false);
  }

  /** @throws KeyMissingError | IntegrityError */
  async effective(target: Required<Target>, options: EffectiveOptions): Promise<EffectiveConfig> {
    const { namespace, application, profiles } = target;
    const [defaults, own] = await Promise.all(
      [{ namespace }, { namespace, application }].map(async (scope) => {
        const { pointer } = await this.#reader.pointer(scope, options.signal);
        const ref = releaseFor(pointer, options.instance);
        const record = await this.#reader.record(scope, ref, pointer.inline, options.signal);
        const reading = { inline: pointer.inline, signal: options.signal };
        const documents = await readDocuments(this.#reader, scope, record, reading, profiles);
        const clear = (document: StoredDocument): LevelSource =>
          options.decrypt === true ? clearDocument(document, scope, this.#keys) : asStored(document);
        return { release: record.release, levels: levelsOf(documents.map(clear)) };
      }),
    );
    const merged = mergeLevels([defaults!.levels, own!.levels], profiles);
    return { release: own!.release, defaultsRelease: defaults!.release, ...merged };
  }

  /** @throws NotFoundError when there is no such schema */
  async schema(scope: Scope, name: string, signal?: AbortSignal): Promise<unknown> {
    const { record, inline } = await this.#record(scope, { signal });
    const ref = Object.hasOwn(record.schemas, name) ? record.schemas[name] : undefined;
    if (ref === undefined) throw new NotFoundError(`schema ${name} in ${describeScope(scope)}`);
    return JSON.parse(await this.#reader.content(scope, ref, inline, signal));
  }

  async #record(
    scope: Scope,
    { release, signal }: ReadOptions,
  ): Promise<{ record: ReleaseRecord; inline: Pointer['inline'] }> {
    if (release !== undefined) {
      return { record: await this.#reader.recordOf(scope, checkRelease('release', release), signal), inline: {} };
    }
    const { pointer } = await this.#reader.pointer(scope, signal);
    const record = await this.#reader.record(scope, pointer.stable, pointer.inline, signal);
    return { record, inline: pointer.inline };
  }
}
