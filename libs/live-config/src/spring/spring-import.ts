import type { DocumentWrite } from '../documents.js';
import type { ConfigClient } from '../ensemble/client-port.js';
import { LiveConfigError, NotFoundError } from '../errors.js';
import { checkName, checkScope, describeScope, type Scope } from '../names.js';
import type { ConfigStore } from '../store/config-store.js';
import type { CallOptions } from '../store/types.js';
import { propertiesIn, type SpringContext, SpringLayout, writtenFrom } from './layout.js';
import { propertiesText } from './properties-view.js';

const DOCUMENT = 'spring';

/** What is taken over, and how. */
export interface SpringImportOptions extends CallOptions {
  /** Only of these scopes; absent: whatever there is. */
  readonly scopes?: readonly Scope[] | undefined;
  /** What the documents are called. `spring` by default. */
  readonly document?: string | undefined;
  readonly author?: string | undefined;
  readonly comment?: string | undefined;
}

/** What became of the contexts of one scope: one release with all of them, or none. */
export interface SpringImported {
  readonly scope: Scope;
  readonly contexts: readonly string[];
  readonly outcome: 'imported' | 'unchanged' | 'failed';
  /** The release that was made. */
  readonly release?: number | undefined;
  /** Why it failed. */
  readonly reason?: string | undefined;
}

/** What an import did. */
export interface SpringImportResult {
  readonly applications: readonly SpringImported[];
  /** Contexts that were passed over, and why. */
  readonly skipped: ReadonlyMap<string, string>;
}

/**
 * Takes over what stands in Spring's layout: each context becomes a document of format properties, its profile the document's. Nothing
 * in the layout is changed. Contexts that a view writes are passed over, since they came from documents.
 */
export class SpringImport {
  readonly #store: ConfigStore;
  readonly #layout: SpringLayout;

  constructor(client: ConfigClient, store: ConfigStore, options: { readonly root?: string | undefined } = {}) {
    this.#store = store;
    this.#layout = new SpringLayout(client, options.root);
  }

  /** Imports into a namespace. A scope that cannot be taken over keeps no other from it. @throws InvalidInputError */
  async run(namespace: string, options: SpringImportOptions = {}): Promise<SpringImportResult> {
    checkName('namespace', namespace);
    checkName('document', options.document ?? DOCUMENT);
    const wanted = options.scopes?.map((scope) => describeScope(checkScope(scope)));
    const skipped = new Map<string, string>();
    const found = new Map<string, { readonly scope: Scope; readonly contexts: SpringContext[] }>();
    for (const context of await this.#layout.contexts(options.signal)) {
      const { application } = context;
      const scope = application === undefined ? { namespace } : { namespace, application };
      const id = describeScope(scope);
      if (wanted?.includes(id) === false) continue;
      const fault = faultOf(context);
      if (fault !== undefined) skipped.set(context.path, fault);
      else found.set(id, { scope, contexts: [...(found.get(id)?.contexts ?? []), context] });
    }
    const applications: SpringImported[] = [];
    for (const { scope, contexts } of found.values()) {
      const documents = await this.#documents(contexts, options, skipped);
      if (documents.size > 0) applications.push(await this.#publish(scope, documents, options));
    }
    return { applications, skipped };
  }

  /** The contexts as documents, by their paths. */
  async #documents(
    contexts: readonly SpringContext[],
    { document: name = DOCUMENT, signal }: SpringImportOptions,
    skipped: Map<string, string>,
  ): Promise<Map<string, DocumentWrite>> {
    const documents = new Map<string, DocumentWrite>();
    for (const { path, profile } of contexts) {
      const znodes = await this.#layout.znodesOf(path, signal);
      const owner = writtenFrom(znodes.get(path));
      const properties = propertiesIn(path, znodes);
      if (owner !== undefined) skipped.set(path, `is written from ${owner}`);
      else if (properties.size === 0) skipped.set(path, 'holds no property');
      else documents.set(path, { profile, name, format: 'properties', content: propertiesText(properties) });
    }
    return documents;
  }

  async #publish(
    scope: Scope,
    documents: ReadonlyMap<string, DocumentWrite>,
    { author, comment, signal }: SpringImportOptions,
  ): Promise<SpringImported> {
    const contexts = [...documents.keys()];
    try {
      const changes: DocumentWrite[] = [];
      for (const document of documents.values()) {
        if (!(await this.#isThere(scope, document, signal))) changes.push(document);
      }
      if (changes.length === 0) return { scope, contexts, outcome: 'unchanged' };
      const note = { author, comment: comment ?? `from ${this.#layout.root} of Spring Cloud Zookeeper` };
      const { release } = await this.#store.publish({ scope, changes, ...note }, { signal });
      return { scope, contexts, outcome: 'imported', release: release.release };
    } catch (error) {
      if (!(error instanceof LiveConfigError)) throw error;
      return { scope, contexts, outcome: 'failed', reason: error.message };
    }
  }

  async #isThere(scope: Scope, document: DocumentWrite, signal: AbortSignal | undefined): Promise<boolean> {
    const { profile, name, format, content } = document;
    try {
      const there = await this.#store.getDocument(scope, { profile, name }, { signal });
      return there.format === format && there.content === content;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      throw error;
    }
  }
}

/** Why a context cannot be a scope and a profile of ours. */
function faultOf({ application, profile }: SpringContext): string | undefined {
  try {
    if (application !== undefined) checkName('application', application);
    if (profile !== undefined) checkName('profile', profile);
    return undefined;
  } catch (error) {
    if (error instanceof LiveConfigError) return error.message;
    throw error;
  }
}
