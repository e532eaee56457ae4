import { Ajv, type AnySchema, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as ajvFormats from 'ajv-formats';
import { InvalidInputError } from '../errors.js';
import type { ConfigValue } from '../values/tree.js';

/** What a schema says of a value. */
export interface SchemaIssue {
  /** JSON pointer. */
  readonly path: string;
  readonly message: string;
}

/** A schema that can be asked. */
export type CompiledSchema = (value: ConfigValue) => readonly SchemaIssue[];

const OPTIONS: Options = { allErrors: true, strict: false, allowUnionTypes: true, validateFormats: true };

/**
 * Compiles a JSON Schema: draft-07 when its `$schema` says so, 2020-12 otherwise. References to other documents are not followed.
 * @throws InvalidInputError when it is no schema.
 */
export function compileSchema(schema: unknown, field: string): CompiledSchema {
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null || Array.isArray(schema))) {
    throw new InvalidInputError(field, 'must be a JSON Schema: an object or a boolean');
  }
  const dialect = typeof schema === 'object' ? (schema as { $schema?: unknown }).$schema : undefined;
  const ajv = isDraft07(dialect) ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS);
  // A CommonJS module whose function is its default, which compilers and Node see at different depths.
  const addFormats = ajvFormats.default as unknown as (ajv: Ajv) => Ajv;
  addFormats(ajv);
  let validate: ValidateFunction;
  try {
    validate = ajv.compile(schema as AnySchema);
  } catch (cause) {
    throw new InvalidInputError(field, `is not a JSON Schema: ${String((cause as Error).message)}`);
  }
  return (value) => (validate(value) === true ? [] : (validate.errors ?? []).map(issueOf));
}

function isDraft07(dialect: unknown): boolean {
  return typeof dialect === 'string' && /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/u.test(dialect);
}

/** Ajv says "must NOT have additional properties" and names the property elsewhere: put together here. */
function issueOf({ instancePath, keyword, message, params }: ErrorObject): SchemaIssue {
  const detail = params as Readonly<Record<string, unknown>>;
  const text = message ?? keyword;
  switch (keyword) {
    case 'additionalProperties':
      return { path: instancePath, message: `${text}: ${JSON.stringify(detail.additionalProperty)}` };
    case 'enum':
      return { path: instancePath, message: `${text}: ${JSON.stringify(detail.allowedValues)}` };
    case 'const':
      return { path: instancePath, message: `${text}: ${JSON.stringify(detail.allowedValue)}` };
    default:
      return { path: instancePath, message: text };
  }
}
