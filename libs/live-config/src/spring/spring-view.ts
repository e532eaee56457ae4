import { ErrorCode } from '@corral/model';
import { mergeLevels } from '../effective.js';
import { isSealed } from '../encryption/sealed-value.js';
import { type ConfigClient, hasCode } from '../ensemble/client-port.js';
import { ops } from '../ensemble/ops.js';
import { ScopeReader } from '../ensemble/scope-reader.js';
import type { StoredDocument } from '../documents.js';
import { checkScope, checkTarget, describeScope, type Scope, type Target } from '../names.js';
import type { ConfigStore } from '../store/config-store.js';
import { levelsOf } from '../store/levels.js';
import type { CallOptions } from '../store/types.js';
import { mapStrings } from '../values/pointer.js';
import { markOf, propertiesIn, SHARED_CONTEXT, SpringLayout, writtenFrom } from './layout.js';
import { type ContextZnodes, planWrites } from './plan.js';
import { type PropertiesView, type Properties, toProperties } from './properties-view.js';

/** How a `SpringView` is set up. */
export interface SpringViewOptions {
  /** Spring's root. `/config` by default. */
  readonly root?: string | undefined;
  /** The store's root. `/corral/config` by default. */
  readonly configRoot?: string | undefined;
}

/** How documents are written into Spring's layout. */
export interface SpringWriteOptions extends CallOptions {
  /** Writes encrypted values in the clear, for everybody to read. They are left out otherwise. */
  readonly decrypt?: boolean | undefined;
  /** Changes nothing, and tells what would be. */
  readonly dryRun?: boolean | undefined;
}

/** What a write into Spring's layout did. */
export interface SpringWriteResult {
  /** The release that was written; 0 when there is none. */
  readonly release: number;
  /** The znodes that hold its properties. */
  readonly contexts: readonly string[];
  /** How many znodes were changed for it. */
  readonly changes: number;
  /** Properties that the layout cannot hold, as `context: name`, and why. */
  readonly skipped: ReadonlyMap<string, string>;
  /** Contexts that were left as they are, because something in them would be lost, and what. */
  readonly refused: ReadonlyMap<string, string>;
}

/**
 * The plain layout of Spring Cloud Zookeeper: one znode per property, `/config/<application>,<profile>/<key/path>`, and
 * `/config/application` for what all applications share, which is here the namespace's defaults. Reads and writes it.
 *
 * A context that is written says so in its data and belongs to the view from then on: properties that are not in the documents are
 * removed. A context that does not say so yet is only taken when nothing in it is lost.
 */
export class SpringView {
  readonly #store: ConfigStore;
  readonly #reader: ScopeReader;
  readonly #layout: SpringLayout;

  constructor(client: ConfigClient, store: ConfigStore, options: SpringViewOptions = {}) {
    this.#store = store;
    this.#reader = new ScopeReader(client, options.configRoot);
    this.#layout = new SpringLayout(client, options.root);
  }

  /** The contexts that Spring reads for an application, from the weakest to the strongest. @throws InvalidInputError | TooLargeError */
  contextsOf(target: Target): string[] {
    const { namespace, application, profiles } = checkTarget(target);
    return [{ namespace }, { namespace, application }].flatMap((scope) =>
      [undefined, ...profiles].map((profile) => this.#layout.contextOf(scope, profile)),
    );
  }

  /** What an application with these profiles reads: every context laid over the one before. */
  async read(target: Target, call: CallOptions = {}): Promise<Properties> {
    const merged = new Map<string, string>();
    for (const context of this.contextsOf(target)) {
      const znodes = await this.#layout.znodesOf(context, call.signal);
      for (const [name, value] of propertiesIn(context, znodes)) merged.set(name, value);
    }
    return merged;
  }

  /**
   * Writes a scope's current documents into Spring's layout: a context for all profiles, and one for each profile. It fails when
   * another release is made meanwhile, so that an older one never comes after a newer. @throws InvalidInputError
   */
  async write(scope: Scope, options: SpringWriteOptions = {}): Promise<SpringWriteResult> {
    const checked = checkScope(scope);
    const { signal, dryRun = false } = options;
    const { pointer, version } = await this.#reader.pointer(checked, signal);
    const release = pointer.stable?.release ?? 0;
    const contexts: string[] = [];
    const skipped = new Map<string, string>();
    const refused = new Map<string, string>();
    let changes = 0;
    if (version === undefined) return { release, contexts, changes, skipped, refused };
    if (checked.application === SHARED_CONTEXT) {
      refused.set(
        this.#layout.contextOf(checked, undefined),
        'is what all applications share, so no application can be called so',
      );
      return { release, contexts, changes, skipped, refused };
    }
    const guard = ops.check(this.#reader.paths(checked).current, version);
    const documents = await this.#documents(checked, release, options);
    for (const profile of new Set([
      undefined,
      ...documents.map((document) => document.profile),
      ...(await this.#profiles(checked, signal)),
    ])) {
      const context = this.#layout.contextOf(checked, profile);
      const view = viewOf(documents.filter((document) => document.profile === profile));
      for (const [name, why] of view.skipped) skipped.set(`${context}: ${name}`, why);
      const there = await this.#layout.znodesOf(context, signal);
      const isOurs = writtenFrom(there.get(context)) === describeScope(checked);
      // Whatever was put where nothing is released stays somebody else's.
      if (!isOurs && view.properties.size === 0) continue;
      const fault = isOurs ? undefined : faultOf(context, there, view.properties);
      if (fault !== undefined) {
        refused.set(context, fault);
        continue;
      }
      const plan = planWrites(context, there, view.properties, markOf(checked));
      if (!dryRun) await this.#layout.change(context, plan, guard, signal);
      changes += plan.length;
      if (view.properties.size > 0) contexts.push(context);
    }
    return { release, contexts, changes, skipped, refused };
  }

  /** Writes now and after each release, until the signal says stop. What comes between two quick ones may be left out. */
  async *mirror(
    scope: Scope,
    options: SpringWriteOptions & { readonly signal: AbortSignal },
  ): AsyncGenerator<SpringWriteResult, void, void> {
    let written: number | undefined;
    for await (const release of this.#store.watchRelease(scope, { signal: options.signal })) {
      if (release === written) continue;
      const result = await this.#writeUnlessOvertaken(scope, options);
      written = result?.release;
      if (result !== undefined) yield result;
    }
  }

  /** Nothing when another release was made meanwhile: the watch tells of that one. */
  async #writeUnlessOvertaken(scope: Scope, options: SpringWriteOptions): Promise<SpringWriteResult | undefined> {
    try {
      return await this.write(scope, options);
    } catch (error) {
      if (hasCode(error, ErrorCode.badVersion)) return undefined;
      throw error;
    }
  }

  async #documents(
    scope: Scope,
    release: number,
    { decrypt = false, signal }: SpringWriteOptions,
  ): Promise<StoredDocument[]> {
    // One release, whatever is published meanwhile.
    const reading = { release, decrypt, signal };
    const infos = await this.#store.listDocuments(scope, reading);
    return Promise.all(infos.map((key) => this.#store.getDocument(scope, key, reading)));
  }

  /** The profiles that have a context already: one that has no documents any more is emptied. */
  async #profiles({ application }: Scope, signal: AbortSignal | undefined): Promise<(string | undefined)[]> {
    const contexts = await this.#layout.contexts(signal);
    return contexts.filter((context) => context.application === application).map(({ profile }) => profile);
  }
}

function viewOf(documents: readonly StoredDocument[]): PropertiesView {
  const levels = levelsOf(documents.map((document) => ({ ...document, profile: undefined })));
  const { values } = mergeLevels([levels], []);
  return toProperties(mapStrings(values, (text) => (isSealed(text) ? null : text)));
}

/** What would be lost if these properties took the place of what is there. */
function faultOf(context: string, there: ContextZnodes, properties: Properties): string | undefined {
  const owner = writtenFrom(there.get(context));
  if (owner !== undefined) return `is written from ${owner}`;
  const lost = [...propertiesIn(context, there)].filter(([name, value]) => properties.get(name) !== value);
  const [first] = lost;
  if (first === undefined) return undefined;
  const [name] = first;
  const what = properties.has(name) ? 'would change' : 'would be deleted';
  const others = lost.length === 1 ? '' : `, and ${lost.length - 1} more with it`;
  return `${name} ${what}${others}: import the context first, or delete it`;
}
