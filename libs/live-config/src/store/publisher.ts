import { randomUUID } from 'node:crypto';
import { ErrorCode, parentPath } from '@corral/model';
import { type ConfigClient, hasCode, withSignal } from '../ensemble/client-port.js';
import { writeContents } from '../ensemble/content-writer.js';
import { type MultiOperation, ops } from '../ensemble/ops.js';
import { ensureZnode } from '../ensemble/parents.js';
import type { ScopeReader, VersionedPointer } from '../ensemble/scope-reader.js';
import { ConflictError, RolloutActiveError, TooLargeError } from '../errors.js';
import type { EncodedContent } from '../layout/content.js';
import { releasePath, rolloutMark, rolloutsPath, type ScopePaths } from '../layout/paths.js';
import { encodePointer, inlineContents, type Pointer } from '../layout/pointer.js';
import { encodeRecord, type ReleaseRecord, type ReleaseRef } from '../layout/record.js';
import { encodeRecordZnode } from '../layout/record-znode.js';
import { limits } from '../limits.js';
import type { Scope } from '../names.js';
import type { RolloutSpec } from '../rollout/spec.js';
import { startRollout } from '../rollout/state.js';
import { changesBetween, type Draft, type DraftMaker } from './draft.js';
import { guardOf, type Reliance } from './reliance.js';
import type { WallClock } from './types.js';

/** How often a release is tried again after somebody else was first with other documents. */
const ATTEMPTS_MAX = 8;

/** A release to be committed. Everything in it has been checked. */
export interface Commit {
  readonly scope: Scope;
  readonly author: string;
  readonly comment: string;
  readonly expectedRelease: number | undefined;
  readonly rollout: RolloutSpec | undefined;
  readonly make: DraftMaker;
  /** The documents that it means to change: if another release changes one of them meanwhile, that is a conflict. */
  readonly touches: readonly string[];
  /** Looks at the release before anything is written, and throws if it must not be. Says what must be unchanged when it is made. */
  readonly validate: (record: ReleaseRecord, draft: Draft) => Promise<readonly Reliance[]>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Makes releases. The order of writes is what keeps them whole: first contents, which nothing refers to yet, then, in one multi, the
 * record and the pointer. Whoever dies in between leaves the old release and some contents for the collector.
 */
export class Publisher {
  readonly #client: ConfigClient;
  readonly #reader: ScopeReader;
  readonly #clock: WallClock;

  constructor(client: ConfigClient, reader: ScopeReader, clock: WallClock) {
    this.#client = client;
    this.#reader = reader;
    this.#clock = clock;
  }

  /** @throws ConflictError | RolloutActiveError, and what `make` and `validate` throw; then nothing was released. */
  async commit(commit: Commit): Promise<ReleaseRecord> {
    const { scope, signal } = commit;
    const id = randomUUID();
    const createdAtMs = this.#clock.nowMs();
    let firstBase: ReleaseRecord | undefined;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const { pointer, version } = await this.#reader.pointer(scope, signal);
      const base = await this.#reader.record(scope, pointer.stable, pointer.inline, signal);
      checkBase(commit, pointer, firstBase, base);
      firstBase ??= base;
      const draft = await commit.make(base);
      const record = recordOf(commit, draft, base, pointer.lastRelease + 1, { id, createdAtMs });
      const relied = await commit.validate(record, draft);
      if (await this.#write(commit, draft, record, { pointer, version }, relied)) return record;
    }
    const { pointer } = await this.#reader.pointer(scope, signal);
    throw new ConflictError(pointer.stable?.release ?? 0, [], `; gave up after ${ATTEMPTS_MAX} attempts`);
  }

  /** Writes contents, then the record and the pointer in one. Says whether the release is made; if not, somebody else was first. */
  async #write(
    commit: Commit,
    draft: Draft,
    record: ReleaseRecord,
    from: VersionedPointer,
    relied: readonly Reliance[],
  ): Promise<boolean> {
    const { scope, signal } = commit;
    const paths = this.#reader.paths(scope);
    const encoded = encodeRecord(record);
    if (encoded.ref.parts > 1)
      throw new TooLargeError('record of the release', encoded.bytes.length, limits.znodeBytesMax);
    const write = pointerWrite(paths, nextPointer(commit, from.pointer, record, draft, encoded), from.version);
    checkSize(write, encoded);
    await this.#ensureHome(paths, commit.rollout !== undefined, signal);
    for (const { path, version } of relied) {
      if (version === undefined) await ensureZnode(this.#client, parentPath(path), signal);
    }
    if (!(await this.#areWritten(paths, draft, signal))) return false;
    const operations = [
      // Contents that the collector took meanwhile, and releases that went over the retention, must not be built on.
      ...draft.contents.map(({ ref }) => ops.check(`${paths.contents}/${ref.hash}`, 0)),
      ...(draft.sources ?? []).map((release) => ops.check(releasePath(paths, release), 0)),
      ...relied.map(guardOf),
      // A release of the defaults that did not know of this application is checked anew.
      ...(isFirstOfApplication(scope, from.pointer) ? [ops.set(paths.namespace, Buffer.alloc(0), -1)] : []),
      ops.create(releasePath(paths, record.release), encodeRecordZnode(encoded)),
      write,
      ...(commit.rollout === undefined ? [] : [ops.create(`${rolloutsPath(this.#reader.root)}/${rolloutMark(scope)}`)]),
    ];
    try {
      await this.#client.multi(operations, withSignal(signal));
      return true;
    } catch (error) {
      if (!isRace(error) && !hasCode(error, ErrorCode.connectionLoss)) throw error;
      // It may have been us: a reply that was lost, or a multi that a broken connection carried after all.
      return await this.#isMade(scope, record, signal);
    }
  }

  /** Says no when the collector took a content whose parts were about to be written. */
  async #areWritten(paths: ScopePaths, { contents }: Draft, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      await writeContents(this.#client, paths, contents, signal);
      return true;
    } catch (error) {
      if (hasCode(error, ErrorCode.noNode)) return false;
      throw error;
    }
  }

  async #isMade(scope: Scope, record: ReleaseRecord, signal: AbortSignal | undefined): Promise<boolean> {
    const there = await this.#reader.recordIfAny(scope, record.release, signal);
    return there?.id === record.id;
  }

  async #ensureHome(paths: ScopePaths, withRollout: boolean, signal: AbortSignal | undefined): Promise<void> {
    if ((await this.#client.exists(paths.contents, withSignal(signal))) === undefined) {
      await ensureZnode(this.#client, paths.releases, signal);
      await ensureZnode(this.#client, paths.acks, signal);
      await ensureZnode(this.#client, paths.contents, signal);
    }
    if (withRollout) await ensureZnode(this.#client, rolloutsPath(this.#reader.root), signal);
  }
}

function isFirstOfApplication({ application }: Scope, { lastRelease }: Pointer): boolean {
  return application !== undefined && lastRelease === 0;
}

/** The write of a pointer that was read with this version; its creation when it was absent. */
export function pointerWrite(paths: ScopePaths, pointer: Pointer, version: number | undefined): MultiOperation {
  const data = encodePointer(pointer);
  return version === undefined ? ops.create(paths.current, data) : ops.set(paths.current, data, version);
}

/** The pointer is written together with the record. What it holds beside bounded contents is the stages of a gradual release. */
function checkSize(write: MultiOperation, { bytes }: EncodedContent): void {
  const sizeBytes = bytes.length + ('data' in write ? (write.data?.length ?? 0) : 0);
  if (sizeBytes > limits.znodeBytesMax)
    throw new TooLargeError('size of rollout in bytes', sizeBytes, limits.znodeBytesMax);
}

const RACES = [ErrorCode.badVersion, ErrorCode.nodeExists, ErrorCode.noNode, ErrorCode.notEmpty];

/** Whether a multi was refused because the world had changed since it was read. */
export function isRace(error: unknown): boolean {
  return RACES.some((code) => hasCode(error, code));
}

function checkBase(commit: Commit, pointer: Pointer, first: ReleaseRecord | undefined, base: ReleaseRecord): void {
  const { expectedRelease, touches } = commit;
  if (pointer.rollout !== undefined) throw new RolloutActiveError(base.release, pointer.rollout.state.release);
  if (expectedRelease !== undefined && expectedRelease !== base.release) throw new ConflictError(base.release);
  if (first === undefined || first.release === base.release) return;
  const changed = changesBetween(first.documents, base.documents).map(({ profile, name }) =>
    profile === undefined ? name : `${profile}/${name}`,
  );
  const contested = touches.filter((id) => changed.includes(id));
  if (contested.length > 0) throw new ConflictError(base.release, contested);
}

function recordOf(
  { author, comment }: Commit,
  { documents, schemas, rollbackOf }: Draft,
  base: ReleaseRecord,
  release: number,
  { id, createdAtMs }: { id: string; createdAtMs: number },
): ReleaseRecord {
  const changes = changesBetween(base.documents, documents);
  const record = { release, parent: base.release, id, author, comment, createdAtMs, changes, documents, schemas };
  return rollbackOf === undefined ? record : { ...record, rollbackOf };
}

function nextPointer(
  { rollout }: Commit,
  { stable, lastRollout }: Pointer,
  record: ReleaseRecord,
  draft: Draft,
  encoded: EncodedContent,
): Pointer {
  const ref: ReleaseRef = { release: record.release, record: encoded.ref };
  const inline = inlineContents([encoded, ...draft.contents]);
  const shared = { lastRelease: record.release, lastRollout, inline };
  if (rollout === undefined) return { ...shared, stable: ref, rollout: undefined };
  const state = startRollout(record.release, record.parent, rollout.stages, record.createdAtMs);
  return { ...shared, stable, rollout: { candidate: ref, state } };
}
