import { parentPath } from '@corral/model';
import type { DocumentWrite } from '../documents.js';
import { mergeLevels } from '../effective.js';
import { isSealed } from '../encryption/sealed-value.js';
import { type ConfigClient, withSignal } from '../ensemble/client-port.js';
import type { MultiOperation } from '../ensemble/ops.js';
import { childrenOf, ensureZnode } from '../ensemble/parents.js';
import { NotFoundError, TooLargeError } from '../errors.js';
import { checkScope, checkTarget, type Scope, type Target } from '../names.js';
import type { ConfigStore } from '../store/config-store.js';
import { levelsOf } from '../store/levels.js';
import type { CallOptions } from '../store/types.js';
import { mapStrings } from '../values/pointer.js';
import { planWrites } from './plan.js';
import { type Properties, propertiesText, toProperties } from './properties-view.js';

/** Where Spring Cloud Zookeeper looks unless it is told otherwise (`spring.cloud.zookeeper.config.root`). */
const SPRING_ROOT = '/config';
/** The context that every application reads (`default-context`). */
const DEFAULT_CONTEXT = 'application';
/** Between a name and a profile (`profile-separator`). */
const SEPARATOR = ',';
const ZNODES_MAX = 20_000;
const OPERATIONS_MAX = 200;
const BATCH_BYTES_MAX = 512 * 1024;

/** How a `SpringView` is set up. */
export interface SpringViewOptions {
  /** `/config` by default. */
  readonly root?: string;
}

/** How documents are written into Spring's layout. */
export interface SpringWriteOptions extends CallOptions {
  /** Writes encrypted values in the clear, for everybody to read. They are left out otherwise. */
  readonly decrypt?: boolean;
}

/** What a write into Spring's layout did. */
export interface SpringWriteResult {
  /** The znodes that hold properties now. */
  readonly contexts: readonly string[];
  /** Properties that the layout cannot hold, as `context: name`, and why. */
  readonly skipped: ReadonlyMap<string, string>;
}

/**
 * The plain layout of Spring Cloud Zookeeper: one znode per property, `/config/<application>,<profile>/<key/path>`, and
 * `/config/application` for what all applications share, which is here the namespace's defaults. Reads and writes it; what is written
 * belongs to the view, so properties that are not in the documents are removed.
 */
export class SpringView {
  readonly #client: ConfigClient;
  readonly #store: ConfigStore;
  readonly #root: string;

  constructor(client: ConfigClient, store: ConfigStore, options: SpringViewOptions = {}) {
    this.#client = client;
    this.#store = store;
    this.#root = options.root ?? SPRING_ROOT;
  }

  /** The contexts that Spring reads for an application, from the weakest to the strongest. */
  contextsOf(target: Target): string[] {
    const { application, profiles } = checkTarget(target);
    return [DEFAULT_CONTEXT, application].flatMap((name) => [
      this.#context(name, undefined),
      ...profiles.map((profile) => this.#context(name, profile)),
    ]);
  }

  /** What an application with these profiles reads: every context laid over the one before. */
  async read(target: Target, call: CallOptions = {}): Promise<Properties> {
    const merged = new Map<string, string>();
    for (const context of this.contextsOf(target)) {
      for (const [name, value] of await this.#readContext(context, call.signal)) merged.set(name, value);
    }
    return merged;
  }

  /** A context as a document that can be published. @throws NotFoundError when there is nothing in it */
  async importDocument(
    scope: Scope,
    profile: string | undefined,
    name: string,
    call: CallOptions = {},
  ): Promise<DocumentWrite> {
    const context = this.#context(checkScope(scope).application ?? DEFAULT_CONTEXT, profile);
    const properties = await this.#readContext(context, call.signal);
    if (properties.size === 0) throw new NotFoundError(`property in ${context}`);
    const document = { name, format: 'properties', content: propertiesText(properties) } as const;
    return profile === undefined ? document : { ...document, profile };
  }

  /** Writes a scope's current documents into Spring's layout: a context for all profiles, and one for each profile. */
  async write(scope: Scope, options: SpringWriteOptions = {}): Promise<SpringWriteResult> {
    const { application = DEFAULT_CONTEXT } = checkScope(scope);
    const { signal } = options;
    // One release, whatever is published meanwhile.
    const { release } = await this.#store.status(scope, { signal });
    const reading = { release, decrypt: options.decrypt === true, signal };
    const infos = await this.#store.listDocuments(scope, reading);
    const documents = await Promise.all(infos.map((key) => this.#store.getDocument(scope, key, reading)));
    const profiles = new Set(documents.map(({ profile }) => profile));
    const contexts: string[] = [];
    const skipped = new Map<string, string>();
    for (const profile of new Set([undefined, ...profiles, ...(await this.#profilesOf(application, signal))])) {
      const context = this.#context(application, profile);
      const level = documents.filter((document) => document.profile === profile);
      const { values } = mergeLevels([levelsOf(level.map((document) => ({ ...document, profile: undefined })))], []);
      const view = toProperties(mapStrings(values, (text) => (isSealed(text) ? null : text)));
      for (const [name, why] of view.skipped) skipped.set(`${context}: ${name}`, why);
      await this.#writeContext(context, view.properties, signal);
      if (view.properties.size > 0) contexts.push(context);
    }
    return { contexts, skipped };
  }

  /** Writes now and after each release, until the signal says stop. Calls back after each write. */
  async mirror(
    scope: Scope,
    options: SpringWriteOptions & { readonly signal: AbortSignal },
    onWritten: (result: SpringWriteResult) => void = () => undefined,
  ): Promise<void> {
    let written: number | undefined;
    for await (const release of this.#store.watchRelease(scope, { signal: options.signal })) {
      if (release === written) continue;
      onWritten(await this.write(scope, options));
      written = release;
    }
  }

  #context(name: string, profile: string | undefined): string {
    return `${this.#root}/${name}${profile === undefined ? '' : SEPARATOR + profile}`;
  }

  /** The profiles that have a context already: one that has no documents any more is emptied. */
  async #profilesOf(application: string, signal: AbortSignal | undefined): Promise<string[]> {
    const prefix = application + SEPARATOR;
    const names = await childrenOf(this.#client, this.#root, signal);
    return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  }

  /** As Spring reads: a znode with data is a property and the end; one without is a folder. */
  async #readContext(context: string, signal: AbortSignal | undefined): Promise<Properties> {
    const properties = new Map<string, string>();
    for (const [path, data] of await this.#walk(context, signal, true)) {
      if (path !== context && data !== '') properties.set(path.slice(context.length + 1).replaceAll('/', '.'), data);
    }
    return properties;
  }

  async #walk(context: string, signal: AbortSignal | undefined, stopAtData: boolean): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const open = [context];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const znode = await this.#client.getOrUndefined(path, withSignal(signal));
      if (znode === undefined) continue;
      found.set(path, znode.data.toString('utf8'));
      if (found.size > ZNODES_MAX) throw new TooLargeError(`number of znodes in ${context}`, found.size, ZNODES_MAX);
      if (stopAtData && znode.data.length > 0 && path !== context) continue;
      const children = znode.stat.numChildren === 0 ? [] : await childrenOf(this.#client, path, signal);
      open.push(...children.map((child) => `${path}/${child}`));
    }
    return found;
  }

  async #writeContext(context: string, properties: Properties, signal: AbortSignal | undefined): Promise<void> {
    const there = await this.#walk(context, signal, false);
    if (properties.size === 0 && there.size <= 1) return;
    await ensureZnode(this.#client, parentPath(context), signal);
    for (const batch of batches(planWrites(context, there, properties))) {
      await this.#client.multi(batch, withSignal(signal));
    }
  }
}

/** Groups that a multi can take. All are needed in their order. */
function* batches(operations: readonly MultiOperation[]): Generator<MultiOperation[]> {
  let batch: MultiOperation[] = [];
  let bytes = 0;
  for (const operation of operations) {
    const size = operation.path.length + ('data' in operation ? (operation.data?.length ?? 0) : 0);
    if (batch.length > 0 && (batch.length >= OPERATIONS_MAX || bytes + size > BATCH_BYTES_MAX)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(operation);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
