import type { Logger } from '@corral/primitives';
import type { ReleaseDiff } from '../diff/documents.js';
import type { EffectiveConfig, StoredDocument } from '../documents.js';
import type { KeyRing } from '../encryption/key-ring.js';
import { type ConfigClient, withSignal } from '../ensemble/client-port.js';
import { childrenOf } from '../ensemble/parents.js';
import { ScopeReader } from '../ensemble/scope-reader.js';
import { systemClock } from '../ensemble/wall-clock.js';
import { InvalidInputError } from '../errors.js';
import { isApplicationNode, scopeOf } from '../layout/paths.js';
import { decodePointer } from '../layout/pointer.js';
import { describeRecord } from '../layout/record.js';
import {
  checkDocumentKey,
  checkName,
  checkScope,
  checkTarget,
  checkText,
  describeScope,
  type DocumentKey,
  documentId,
  type Scope,
  type Target,
} from '../names.js';
import { checkRolloutSpec } from '../rollout/spec.js';
import { APPLICATION_SCHEMA } from '../validation/validate.js';
import { type Collected, Collector } from './collector.js';
import { DocumentReader, type EffectiveOptions, type ReadOptions } from './document-reader.js';
import { applyChanges, type DraftMaker, prepareChanges } from './draft.js';
import { changeSchema, reencryptAll, repeatRelease } from './makers.js';
import { Publisher } from './publisher.js';
import { ReleaseCheck } from './release-check.js';
import { checkRelease, type HistoryOptions, ReleaseHistory } from './release-history.js';
import { Rollouts } from './rollouts.js';
import { checkWait, statusOf } from './status.js';
import { Subscribers } from './subscribers.js';
import type {
  AcknowledgementReport,
  CallOptions,
  ConfigStoreOptions,
  DocumentInfo,
  PromoteOptions,
  PublishOptions,
  PublishWait,
  ReleaseInfo,
  ReleaseNote,
  ReleaseRequest,
  ReleaseResult,
  RollbackOptions,
  ScopeStatus,
  SubscriberInfo,
} from './types.js';

const RELEASES_RETAINED = 200;
/** Every so many releases the publisher collects, so that a scope stays bounded where no controller runs. */
const COLLECT_EVERY = 20;

/** The writing side: publishes, rolls back, and tells what there is and was. Any number may work on one ensemble. */
export class ConfigStore {
  readonly #client: ConfigClient;
  readonly #keys: KeyRing | undefined;
  readonly #author: string;
  readonly #logger: Logger;
  readonly #reader: ScopeReader;
  readonly #documents: DocumentReader;
  readonly #history: ReleaseHistory;
  readonly #publisher: Publisher;
  readonly #check: ReleaseCheck;
  readonly #collector: Collector;
  readonly #subscribers: Subscribers;
  readonly #rollouts: Rollouts;

  constructor(client: ConfigClient, options: ConfigStoreOptions = {}) {
    const { keys, clock = systemClock, releasesRetained = RELEASES_RETAINED, validators = [] } = options;
    if (!Number.isInteger(releasesRetained) || releasesRetained < 1) {
      throw new InvalidInputError('releasesRetained', 'must be a whole number, 1 or more');
    }
    const reader = new ScopeReader(client, options.root);
    this.#client = client;
    this.#keys = keys;
    this.#author = checkText('author', options.author ?? 'unknown');
    this.#logger = options.logger ?? (() => undefined);
    this.#reader = reader;
    this.#documents = new DocumentReader(reader, keys);
    this.#history = new ReleaseHistory(client, reader);
    this.#publisher = new Publisher(client, reader, clock);
    this.#check = new ReleaseCheck({ client, reader, keys, validators });
    this.#collector = new Collector(client, reader, clock, releasesRetained);
    this.#subscribers = new Subscribers(client, reader, clock);
    this.#rollouts = new Rollouts(client, reader, clock);
  }

  /** Namespaces that have ever been written to, in order. */
  async listNamespaces(call: CallOptions = {}): Promise<string[]> {
    return (await childrenOf(this.#client, this.#reader.root, call.signal)).filter(isApplicationNode);
  }

  /** Applications of a namespace, in order: those with releases and those with subscribers. */
  async listApplications(namespace: string, call: CallOptions = {}): Promise<string[]> {
    const home = `${this.#reader.root}/${checkName('namespace', namespace)}`;
    return (await childrenOf(this.#client, home, call.signal)).filter(isApplicationNode);
  }

  /** All scopes, the defaults of namespaces among them. */
  async listScopes(call: CallOptions = {}): Promise<Scope[]> {
    const scopes: Scope[] = [];
    for (const namespace of await this.listNamespaces(call)) {
      const homes = await childrenOf(this.#client, `${this.#reader.root}/${namespace}`, call.signal);
      scopes.push(...homes.map((home) => scopeOf(namespace, home)));
    }
    return scopes;
  }

  /** Where a scope stands; release 0 when it was never written to. */
  async status(scope: Scope, call: CallOptions = {}): Promise<ScopeStatus> {
    const checked = checkScope(scope);
    return statusOf(checked, (await this.#reader.pointer(checked, call.signal)).pointer);
  }

  /** The number of the release that stands, now and after each change; nothing between two quick ones is promised. */
  async *watchRelease(scope: Scope, call: CallOptions = {}): AsyncGenerator<number, void, void> {
    const { current } = this.#reader.paths(checkScope(scope));
    for await (const znode of this.#client.watchData(current, withSignal(call.signal))) {
      yield decodePointer(znode?.data, current).stable?.release ?? 0;
    }
  }

  /** The documents of a release, without their contents. @throws NotFoundError */
  async listDocuments(scope: Scope, options: ReadOptions = {}): Promise<readonly DocumentInfo[]> {
    return this.#documents.list(checkScope(scope), options);
  }

  /** One document of a release. @throws NotFoundError | KeyMissingError */
  async getDocument(scope: Scope, key: DocumentKey, options: ReadOptions = {}): Promise<StoredDocument> {
    return this.#documents.get(checkScope(scope), checkDocumentKey(key), options);
  }

  /** What a target sees now. @throws KeyMissingError */
  async effective(target: Target, options: EffectiveOptions = {}): Promise<EffectiveConfig> {
    return this.#documents.effective(checkTarget(target), options);
  }

  /**
   * Makes a release of all changes at once, or of none. Every known combination of profiles is checked first.
   * @throws InvalidInputError | TooLargeError | ParseError | ValidationError | NotFoundError: nothing was written that anybody sees.
   * @throws ConflictError | RolloutActiveError: somebody else was first.
   */
  async publish(request: ReleaseRequest, options: PublishOptions = {}): Promise<ReleaseResult> {
    const scope = checkScope(request.scope);
    const changes = prepareChanges(request.changes, scope, this.#keys);
    const touches = changes.map(({ id }) => id);
    const note = { ...request, signal: options.signal, wait: options.wait, comment: request.comment ?? '' };
    return this.#release(scope, (base) => applyChanges(base, changes), touches, note);
  }

  /** Makes a release that repeats an old one. Release 0 takes everything away. @throws as `publish`; NotFoundError */
  async rollback(scope: Scope, release: number, options: RollbackOptions = {}): Promise<ReleaseResult> {
    const checked = checkScope(scope);
    const old = await this.#reader.recordOf(checked, checkRelease('release', release), options.signal);
    const touches = old.documents.map(documentId);
    const note = { ...options, comment: options.comment ?? `back to release ${release}` };
    return this.#release(checked, repeatRelease(this.#reader, checked, old, options.signal), touches, note);
  }

  /**
   * Binds a JSON Schema to a document, or with `*` to the merged tree of the application; `undefined` takes it away. It is a release
   * like any other: what stands must satisfy it. @throws as `publish`; NotFoundError when there is none to take away
   */
  async setSchema(scope: Scope, name: string, schema: unknown, note: ReleaseNote = {}): Promise<ReleaseResult> {
    const checked = checkScope(scope);
    if (name !== APPLICATION_SCHEMA) checkName('schema name', name);
    const comment = note.comment ?? `schema of ${name}`;
    return this.#release(checked, changeSchema(name, schema), [], { ...note, comment });
  }

  /** The schema of a document, or with `*` of the merged tree. @throws NotFoundError */
  async getSchema(scope: Scope, name: string, call: CallOptions = {}): Promise<unknown> {
    return this.#documents.schema(checkScope(scope), name, call.signal);
  }

  /** Encrypts with the ring's first key what is encrypted with another: a release in which nothing else changes. */
  async reencrypt(scope: Scope, note: ReleaseNote = {}): Promise<ReleaseResult> {
    const checked = checkScope(scope);
    if (this.#keys === undefined) throw new InvalidInputError('keys', 'must be there to encrypt');
    const comment = note.comment ?? `encrypted with key ${this.#keys.primaryId}`;
    const touches = (await this.#documents.list(checked, {})).map(documentId);
    return this.#release(checked, reencryptAll(this.#reader, checked, this.#keys, note.signal), touches, {
      ...note,
      comment,
    });
  }

  /** The releases that are kept, newest first. */
  async history(scope: Scope, options: HistoryOptions = {}): Promise<ReleaseInfo[]> {
    return this.#history.list(checkScope(scope), options);
  }

  /** One release. @throws NotFoundError */
  async release(scope: Scope, release: number, call: CallOptions = {}): Promise<ReleaseInfo> {
    return this.#history.release(checkScope(scope), release, call.signal);
  }

  /** What differs between two releases; 0 is before the first. @throws NotFoundError */
  async diff(scope: Scope, from: number, to: number, call: CallOptions = {}): Promise<ReleaseDiff> {
    return this.#history.diff(checkScope(scope), from, to, call.signal);
  }

  /** The scopes in which a gradual release is on its way. */
  async rollouts(call: CallOptions = {}): Promise<ScopeStatus[]> {
    const scopes = await this.#rollouts.active(call.signal);
    const all = await Promise.all(scopes.map((scope) => this.status(scope, call)));
    return all.filter(({ rollout }) => rollout !== undefined);
  }

  /**
   * Takes a gradual release to its next stage, or, after the last, to everybody. Say which `release` and `stage` are meant, and a call that is
   * repeated because its answer was lost goes no stage too far.
   * @throws NotFoundError when there is none
   * @throws ConflictError when another stage, or another release, is on
   */
  async promote(scope: Scope, options: PromoteOptions = {}): Promise<ScopeStatus> {
    const checked = checkScope(scope);
    return statusOf(checked, await this.#rollouts.promote(checked, options));
  }

  /** Ends a gradual release: everybody sees the release before. @throws NotFoundError when there is none */
  async abort(scope: Scope, reason: string, call: CallOptions = {}): Promise<ScopeStatus> {
    const checked = checkScope(scope);
    checkText('reason', reason);
    return statusOf(checked, await this.#rollouts.abort(checked, reason, call.signal));
  }

  /** The live subscribers of an application, or, for the defaults, of all applications of the namespace. */
  async subscribers(scope: Scope, call: CallOptions = {}): Promise<SubscriberInfo[]> {
    return this.#subscribers.list(checkScope(scope), call.signal);
  }

  /** Who has applied a release. */
  async acknowledgement(scope: Scope, release: number, call: CallOptions = {}): Promise<AcknowledgementReport> {
    return this.#subscribers.report(checkScope(scope), checkRelease('release', release), 1, call.signal);
  }

  /** Waits for subscribers to apply a release; returns what it has when time is up. */
  async waitForAcknowledgement(
    scope: Scope,
    release: number,
    wait: PublishWait,
    call: CallOptions = {},
  ): Promise<AcknowledgementReport> {
    return this.#subscribers.waitFor(checkScope(scope), checkRelease('release', release), checkWait(wait), call.signal);
  }

  /** Removes releases over the retention and what unfinished releases left. */
  async collect(scope: Scope, call: CallOptions = {}): Promise<Collected> {
    return this.#collector.collect(checkScope(scope), call.signal);
  }

  async #release(
    scope: Scope,
    make: DraftMaker,
    touches: readonly string[],
    options: RollbackOptions & { readonly comment: string },
  ): Promise<ReleaseResult> {
    const { expectedRelease, rollout, signal, wait } = options;
    if (expectedRelease !== undefined) checkRelease('expectedRelease', expectedRelease);
    if (wait !== undefined) checkWait(wait);
    const record = await this.#publisher.commit({
      scope,
      author: checkText('author', options.author ?? this.#author),
      comment: checkText('comment', options.comment),
      expectedRelease,
      rollout: rollout === undefined ? undefined : checkRolloutSpec(rollout),
      make,
      touches,
      validate: (made, draft) => this.#check.check(scope, made, draft, signal),
      signal,
    });
    if (record.release % COLLECT_EVERY === 0) await this.#collectAfter(scope, signal);
    const release = describeRecord(record);
    if (wait === undefined) return { release };
    return { release, acknowledgement: await this.#subscribers.waitFor(scope, record.release, wait, signal) };
  }

  /** The release is made; that the collector failed is no failure of the release. */
  async #collectAfter(scope: Scope, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#collector.collect(scope, signal);
    } catch (error) {
      this.#logger('warn', 'collecting old releases failed', { scope: describeScope(scope), error: String(error) });
    }
  }
}
