/** Schemas of what is sent, for the OpenAPI document. The compiler holds each against the type of the values that it describes. */

/** A schema as the document shows it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A schema of whatever it is. */
export interface AnySchema {
  readonly json: JsonSchema;
}

/** A schema of the values of one type. */
export interface Schema<T> extends AnySchema {
  /** Never there. Ties the schema to its type both ways: neither a wider nor a narrower one will do. */
  readonly describes?: (value: T) => T;
}

/** A field that may be missing. */
export interface Optional<T> {
  readonly optional: Schema<T>;
}

/** A schema for each field of a type: none left out, none too many, and optional exactly where the type says so. */
export type Fields<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Schema<T[K]>;
};

/** What more a field may say of itself, such as an example. */
type Details = JsonSchema;

const named = new Map<string, JsonSchema>();

/** The schemas that have a name, for the components of the document. */
export function namedSchemas(): Record<string, JsonSchema> {
  return Object.fromEntries(named);
}

/** An object under a name of its own. A name that is taken is a bug. */
export function record<T extends object>(name: string, description: string, fields: Fields<T>): Schema<T> {
  if (named.has(name)) throw new Error(`two schemas are called ${name}`);
  named.set(name, objectOf(description, fields));
  return { json: { $ref: `#/components/schemas/${name}` } };
}

/** An object without a name. */
export function part<T extends object>(description: string, fields: Fields<T>): Schema<T> {
  return { json: objectOf(description, fields) };
}

/** Marks a field that may be missing. */
export function optional<T>(schema: Schema<T>): Optional<T> {
  return { optional: schema };
}

/** A text. */
export function text(description: string, details: Details = {}): Schema<string> {
  return { json: { type: 'string', description, ...details } };
}

/** A whole number from 0 on. */
export function whole(description: string, details: Details = {}): Schema<number> {
  return { json: { type: 'integer', minimum: 0, description, ...details } };
}

/** A time of day, as JavaScript has it. */
export function timeMs(description: string): Schema<number> {
  return whole(`${description}, in milliseconds since 1970`, { example: 1_760_000_000_000 });
}

/** A number. */
export function number(description: string, details: Details = {}): Schema<number> {
  return { json: { type: 'number', description, ...details } };
}

/** Yes or no. */
export function flag(description: string): Schema<boolean> {
  return { json: { type: 'boolean', description } };
}

/** Yes, where no is said by leaving the field out. */
export function always(description: string): Schema<true> {
  return { json: { type: 'boolean', enum: [true], description } };
}

/** One of a few words, each with what it means; an empty meaning is none. */
export function choice<T extends string>(description: string, words: Readonly<Record<T, string>>): Schema<T> {
  const meanings = Object.entries<string>(words).filter(([, meaning]) => meaning !== '');
  const all = [description, ...meanings.map(([word, meaning]) => `${word}: ${meaning}`)].join('. ');
  return { json: { type: 'string', enum: Object.keys(words), description: all } };
}

/** A list. */
export function list<T>(description: string, items: Schema<T>, details: Details = {}): Schema<readonly T[]> {
  return { json: { type: 'array', items: items.json, description, ...details } };
}

/** Values by key. */
export function map<T>(
  description: string,
  values: Schema<T>,
  details: Details = {},
): Schema<Readonly<Record<string, T>>> {
  return { json: { type: 'object', additionalProperties: values.json, description, ...details } };
}

/** One of several kinds of values. */
export function either<T extends readonly unknown[]>(
  ...kinds: { readonly [K in keyof T]: Schema<T[K]> }
): Schema<T[number]> {
  return { json: { oneOf: kinds.map(({ json }) => json) } };
}

/** Any JSON, where only the type says more. */
export function anything<T>(description: string, details: Details = {}): Schema<T> {
  return { json: { description, ...details } };
}

function objectOf<T>(description: string, fields: Fields<T>): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const [name, field] of Object.entries<AnySchema | { readonly optional: AnySchema }>(fields)) {
    if ('optional' in field) {
      properties[name] = field.optional.json;
    } else {
      properties[name] = field.json;
      required.push(name);
    }
  }
  return { type: 'object', description, ...(required.length === 0 ? {} : { required }), properties };
}
