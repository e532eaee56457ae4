import type { KeyRing } from '../encryption/key-ring.js';
import { type ConfigClient, withSignal } from '../ensemble/client-port.js';
import { childrenOf } from '../ensemble/parents.js';
import type { ScopeReader } from '../ensemble/scope-reader.js';
import type { LevelDocument } from '../effective.js';
import { InvalidInputError } from '../errors.js';
import { decodeContent } from '../layout/content.js';
import { isApplicationNode, partsOfAckName } from '../layout/paths.js';
import type { Pointer } from '../layout/pointer.js';
import type { ReleaseRecord } from '../layout/record.js';
import type { Scope } from '../names.js';
import { type CompiledSchema, compileSchema } from '../validation/json-schema.js';
import { knownProfileSets, validateProposal } from '../validation/validate.js';
import type { ConfigValidator } from '../validation/validator.js';
import type { Draft } from './draft.js';
import { clearDocument, levelsOf, readDocuments } from './levels.js';
import { type Reliance, thoseThatFit } from './reliance.js';

/** What a release is checked with. */
export interface ReleaseCheckInputs {
  readonly client: ConfigClient;
  readonly reader: ScopeReader;
  readonly keys: KeyRing | undefined;
  readonly validators: readonly ConfigValidator[];
}

/** A scope's release, there or about to be. */
interface ScopeState {
  readonly scope: Scope;
  readonly record: ReleaseRecord;
  readonly documents: readonly LevelDocument[];
}

/**
 * Checks a release before it is written: what every known combination of profiles would see of it, together with the defaults of the
 * namespace. A release of the defaults is checked for every application that inherits them and has a schema.
 */
export class ReleaseCheck {
  readonly #in: ReleaseCheckInputs;

  constructor(inputs: ReleaseCheckInputs) {
    this.#in = inputs;
  }

  /**
   * Says what it relied on outside the scope. Two scopes may be released at the same moment: whoever is second finds it changed, and is
   * checked anew. @throws ValidationError | KeyMissingError, and errors of reading
   */
  async check(
    scope: Scope,
    record: ReleaseRecord,
    draft: Draft,
    signal: AbortSignal | undefined,
  ): Promise<readonly Reliance[]> {
    const inline = Object.fromEntries(draft.contents.map(({ ref, bytes }) => [ref.hash, bytes.toString('base64')]));
    if (scope.application === undefined) return this.#checkDefaults(scope, record, inline, signal);
    if (!this.#hasChecks(record)) return [];
    const proposed = await this.#state(scope, record, inline, signal);
    const { reliance, ...defaults } = await this.#present({ namespace: scope.namespace }, signal);
    await this.#validate([defaults, proposed], proposed, inline, signal);
    return [reliance];
  }

  async #checkDefaults(
    scope: Scope,
    record: ReleaseRecord,
    inline: Pointer['inline'],
    signal: AbortSignal | undefined,
  ): Promise<readonly Reliance[]> {
    // First the version, then the list: an application that is not in the list yet will change the version with its first release.
    const namespace = await this.#namespace(scope, signal);
    const applications = (await childrenOf(this.#in.client, namespace.path, signal)).filter(isApplicationNode);
    if (!this.#hasChecks(record) && applications.length === 0) return [namespace];
    const proposed = await this.#state(scope, record, inline, signal);
    await this.#validate([proposed], proposed, inline, signal);
    const judged: Reliance[] = [];
    const others: Reliance[] = [];
    for (const application of applications) {
      const { reliance, ...heir } = await this.#present({ namespace: scope.namespace, application }, signal);
      const hasSchemas = Object.keys(heir.record.schemas).length > 0;
      if (hasSchemas) await this.#validate([proposed, heir], heir, {}, signal);
      // One without a pointer is yet to have its first release, and one without a schema may be about to get one.
      if (reliance.version !== undefined) (hasSchemas ? judged : others).push(reliance);
    }
    return thoseThatFit([namespace, ...judged, ...others]);
  }

  #hasChecks({ schemas }: ReleaseRecord): boolean {
    return Object.keys(schemas).length > 0 || this.#in.validators.length > 0;
  }

  async #validate(
    states: readonly ScopeState[],
    judged: ScopeState,
    inline: Pointer['inline'],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { client, reader, validators } = this.#in;
    const acks = await childrenOf(client, reader.paths(judged.scope).acks, signal);
    const documents = states.flatMap((state) => state.documents);
    validateProposal({
      release: judged.scope.application === undefined ? 0 : judged.record.release,
      defaultsRelease: states[0]!.scope.application === undefined ? states[0]!.record.release : 0,
      scopes: states.map((state) => state.documents),
      schemas: await this.#schemas(judged, inline, signal),
      validators,
      profileSets: knownProfileSets(
        documents,
        acks.map((name) => partsOfAckName(name).profiles),
      ),
    });
  }

  async #schemas(
    { scope, record }: ScopeState,
    inline: Pointer['inline'],
    signal: AbortSignal | undefined,
  ): Promise<Map<string, CompiledSchema>> {
    const schemas = new Map<string, CompiledSchema>();
    for (const [name, ref] of Object.entries(record.schemas)) {
      const inlined = inline[ref.hash];
      const text =
        inlined === undefined
          ? await this.#in.reader.content(scope, ref, {}, signal)
          : decodeContent(ref, Buffer.from(inlined, 'base64'), name);
      schemas.set(name, compileSchema(JSON.parse(text), `schema ${name}`));
    }
    return schemas;
  }

  async #present(scope: Scope, signal: AbortSignal | undefined): Promise<ScopeState & { reliance: Reliance }> {
    const { reader } = this.#in;
    const { pointer, version } = await reader.pointer(scope, signal);
    const record = await reader.record(scope, pointer.stable, pointer.inline, signal);
    const state = await this.#state(scope, record, pointer.inline, signal);
    return { ...state, reliance: { path: reader.paths(scope).current, version } };
  }

  async #state(
    scope: Scope,
    record: ReleaseRecord,
    inline: Pointer['inline'],
    signal: AbortSignal | undefined,
  ): Promise<ScopeState> {
    const { reader, keys } = this.#in;
    const documents = await readDocuments(reader, scope, record, { inline, signal });
    const clear = documents.map((document) => clearDocument(document, scope, keys));
    return { scope, record, documents: levelsOf(clear) };
  }

  async #namespace(scope: Scope, signal: AbortSignal | undefined): Promise<Reliance & { version: number }> {
    const { client, reader } = this.#in;
    const path = reader.paths(scope).namespace;
    const stat = await client.exists(path, withSignal(signal));
    // The publisher creates it if it is absent.
    return { path, version: stat?.version ?? 0 };
  }
}

/** A schema as it is stored. @throws InvalidInputError when it is none. */
export function schemaText(schema: unknown, field: string): string {
  compileSchema(schema, field);
  const text: unknown = JSON.stringify(schema);
  if (typeof text !== 'string') throw new InvalidInputError(field, 'must be JSON');
  return text;
}
