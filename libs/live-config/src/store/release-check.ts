import type { KeyRing } from '../encryption/key-ring.js';
import type { ConfigClient } from '../ensemble/client-port.js';
import { childrenOf } from '../ensemble/parents.js';
import type { ScopeReader } from '../ensemble/scope-reader.js';
import type { LevelDocument } from '../effective.js';
import { InvalidInputError } from '../errors.js';
import { decodeContent } from '../layout/content.js';
import { isApplicationNode, partsOfAckName } from '../layout/paths.js';
import type { ReleaseRecord } from '../layout/record.js';
import type { Scope } from '../names.js';
import { type CompiledSchema, compileSchema } from '../validation/json-schema.js';
import { knownProfileSets, validateProposal } from '../validation/validate.js';
import type { ConfigValidator } from '../validation/validator.js';
import type { Draft } from './draft.js';
import { clearDocument, levelsOf, readDocuments } from './levels.js';

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

  /** @throws ValidationError | KeyMissingError, and errors of reading */
  async check(scope: Scope, record: ReleaseRecord, draft: Draft, signal: AbortSignal | undefined): Promise<void> {
    const { validators } = this.#in;
    const hasChecks = Object.keys(record.schemas).length > 0 || validators.length > 0;
    const heirs = scope.application === undefined ? await this.#applications(scope, signal) : [];
    if (!hasChecks && heirs.length === 0) return;
    const inline = Object.fromEntries(draft.contents.map(({ ref, bytes }) => [ref.hash, bytes.toString('base64')]));
    const proposed = await this.#state(scope, record, inline, signal);
    if (scope.application !== undefined) {
      await this.#checkApplication(
        await this.#present({ namespace: scope.namespace }, signal),
        proposed,
        inline,
        signal,
      );
      return;
    }
    await this.#validate([proposed], proposed, inline, signal);
    for (const application of heirs) {
      const heir = await this.#present({ namespace: scope.namespace, application }, signal);
      if (Object.keys(heir.record.schemas).length > 0) await this.#checkApplication(proposed, heir, {}, signal);
    }
  }

  async #checkApplication(
    defaults: ScopeState,
    application: ScopeState,
    inline: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    await this.#validate([defaults, application], application, inline, signal);
  }

  async #validate(
    states: readonly ScopeState[],
    judged: ScopeState,
    inline: Readonly<Record<string, string>>,
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
    inline: Readonly<Record<string, string>>,
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

  async #present(scope: Scope, signal: AbortSignal | undefined): Promise<ScopeState> {
    const { pointer } = await this.#in.reader.pointer(scope, signal);
    const record = await this.#in.reader.record(scope, pointer.stable, pointer.inline, signal);
    return this.#state(scope, record, pointer.inline, signal);
  }

  async #state(
    scope: Scope,
    record: ReleaseRecord,
    inline: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<ScopeState> {
    const { reader, keys } = this.#in;
    const documents = await readDocuments(reader, scope, record, { inline, signal });
    const clear = documents.map((document) => clearDocument(document, scope, keys));
    return { scope, record, documents: levelsOf(clear) };
  }

  async #applications({ namespace }: Scope, signal: AbortSignal | undefined): Promise<string[]> {
    const { client, reader } = this.#in;
    return (await childrenOf(client, `${reader.root}/${namespace}`, signal)).filter(isApplicationNode);
  }
}

/** A schema as it is stored. @throws InvalidInputError when it is none. */
export function schemaText(schema: unknown, field: string): string {
  compileSchema(schema, field);
  const text: unknown = JSON.stringify(schema);
  if (typeof text !== 'string') throw new InvalidInputError(field, 'must be JSON');
  return text;
}
