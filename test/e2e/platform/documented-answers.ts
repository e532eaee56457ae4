/** Holds what a platform answers against its OpenAPI document: what is not described there is as wrong as what is missing. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from '../../interop/harness/repository.js';

/** As much of a document as is needed here. */
interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

interface Operation {
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

/** An answer that went well. */
export interface GoodAnswer {
  readonly method: string;
  /** With its query or without. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string | null;
  /** Of an event stream: one event. */
  readonly body: unknown;
}

interface SchemaError {
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

interface Validate {
  (value: unknown): boolean;
  readonly errors?: readonly SchemaError[];
}

interface Ajv {
  addSchema(schema: object, key: string): Ajv;
  getSchema(reference: string): Validate | undefined;
}

// The validator that live-config has; what lies in the root is an older one, of the linter's.
const require = createRequire(join(repositoryRoot(), 'libs/live-config/package.json'));
const { Ajv } = require('ajv') as { readonly Ajv: new (options: object) => Ajv };

/** Pages and files for people; the document is about the rest. */
const FOR_PEOPLE = /^\/($|docs|openapi\.json)/;

/** The answers that a document describes. */
export class DocumentedAnswers {
  readonly #document: OpenApiDocument;
  readonly #routes: readonly { readonly template: string; readonly pattern: RegExp }[];
  readonly #ajv: Ajv;

  constructor(document: OpenApiDocument) {
    this.#document = document;
    this.#routes = Object.keys(document.paths).map((template) => ({
      template,
      pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}/?$`),
    }));
    const options = { strict: false, allErrors: true, validateFormats: false };
    this.#ajv = new Ajv(options).addSchema(withoutMore(document) as object, 'openapi');
  }

  /** The document of a platform. */
  static async of(base: string): Promise<DocumentedAnswers> {
    const response = await fetch(`${base}/openapi.json`, { signal: AbortSignal.timeout(30_000) });
    return new DocumentedAnswers((await response.json()) as OpenApiDocument);
  }

  /** @throws Error that says what of the answer is not as the document has it */
  check({ method, path, status, contentType, body }: GoodAnswer): void {
    const [plain = ''] = path.split('?');
    if (FOR_PEOPLE.test(plain)) return;
    const title = `${method} ${path}: ${status}`;
    const route = this.#routes.find(({ pattern }) => pattern.test(plain));
    if (route === undefined) throw new Error(`${title} is at no path of the document`);
    const place = ['paths', route.template, method.toLowerCase(), 'responses', `${status}`];
    const response = this.#document.paths[route.template]?.[method.toLowerCase()]?.responses?.[status];
    if (response === undefined) throw new Error(`${title} is no answer of the document`);
    const [type = ''] = (contentType ?? '').split(';');
    const { content } = response;
    if (content === undefined && type === '') return;
    const reference = ['openapi#', ...place, 'content', type, 'schema'].map(escape).join('/');
    const validate = content?.[type] === undefined ? undefined : this.#ajv.getSchema(reference);
    if (validate === undefined) throw new Error(`${title} has no schema for ${type}`);
    if (validate(body)) return;
    const errors = (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
    throw new Error(`${title} is not as the document says: ${errors.join(', ')}\n${JSON.stringify(body)}`);
  }
}

/** The document with schemas that allow nothing that they do not name. */
function withoutMore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMore);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutMore(item)]));
  const isClosed = copy['type'] === 'object' && 'properties' in copy && !('additionalProperties' in copy);
  return isClosed ? { ...copy, additionalProperties: false } : copy;
}

/** A step of a JSON pointer in a reference. */
function escape(step: string): string {
  return step === 'openapi#' ? step : encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
