import { Ajv, type AnySchema, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as ajvFormats from 'ajv-formats';
import { InvalidInputError } from '../errors.js';
import type { ConfigValue } from '../values/tree.js';
import { isTimeout, runWithin } from './run-within.js';

/** What a schema says of a value. */
export interface SchemaIssue {
  /** JSON pointer. */
  readonly path: string;
  readonly message: string;
}

/** A schema that can be asked. */
export type CompiledSchema = (value: ConfigValue) => readonly SchemaIssue[];

/** How long a pattern may backtrack, or `uniqueItems` compare each with each: nothing else runs meanwhile. */
const CHECK_MS_MAX = 3000;

const OPTIONS: Options = { allErrors: true, strict: false, allowUnionTypes: true, validateFormats: true };

/**
 * Compiles a JSON Schema: draft-07 when its `$schema` says so, 2020-12 otherwise. References to other documents are not followed.
 * What takes longer than `checkMsMax` to check is not valid.
 * @throws InvalidInputError when it is no schema.
 */
export function compileSchema(schema: unknown, field: string, checkMsMax = CHECK_MS_MAX): CompiledSchema {
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null || Array.isArray(schema))) {
    throw new InvalidInputError(field, 'must be a JSON Schema: an object or a boolean');
  }
  const dialect = typeof schema === 'object' ? (schema as { $schema?: unknown }).$schema : undefined;
  if (dialect !== undefined && !isDraft07(dialect) && !is2020(dialect)) {
    throw new InvalidInputError(`${field}.$schema`, 'must be that of draft-07 or of 2020-12');
  }
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
  // Ajv's own: its answer would be a promise, which passes for yes.
  if ('$async' in validate) throw new InvalidInputError(field, 'must not say $async: true');
  return askInTime(validate, checkMsMax);
}

/** Asks with a bound on time. A schema that ran over it once is not asked again. */
function askInTime(validate: ValidateFunction, checkMsMax: number): CompiledSchema {
  let givenUp: readonly SchemaIssue[] | undefined;
  return (value) => {
    if (givenUp !== undefined) return givenUp;
    try {
      return runWithin(checkMsMax, () => validate(value)) ? [] : (validate.errors ?? []).map(issueOf);
    } catch (error) {
      const reason = isTimeout(error) ? `it takes longer than ${checkMsMax} ms` : String((error as Error).message);
      givenUp = [{ path: '', message: `cannot be checked with its schema: ${reason}` }];
      return givenUp;
    }
  };
}

function isDraft07(dialect: unknown): boolean {
  return typeof dialect === 'string' && /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/u.test(dialect);
}

function is2020(dialect: unknown): boolean {
  return typeof dialect === 'string' && /^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/u.test(dialect);
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
