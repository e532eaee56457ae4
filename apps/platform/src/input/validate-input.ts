import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { type FieldProblem, ProblemError } from '../errors/problem.js';

/** Problems told at once; more help nobody. */
const FIELDS_MAX = 50;

/**
 * The input as an instance of its class. `prefix` stands before field names, such as `query.`.
 * @throws ProblemError that names every field that is wrong, those that do not exist included.
 */
export function validateInput<T extends object>(inputClass: new () => T, plain: unknown, prefix = ''): T {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    throw refused([{ field: prefix === '' ? 'body' : prefix.slice(0, -1), message: 'must be an object' }]);
  }
  const reserved = reservedFields(plain, prefix);
  if (reserved.length > 0) throw refused(reserved.slice(0, FIELDS_MAX));
  const instance = plainToInstance(inputClass, plain, { exposeUnsetFields: false });
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
  });
  const problems = errors.flatMap((error) => fieldsOf(error, prefix));
  if (problems.length === 0) problems.push(...droppedFields(plain, instance, prefix));
  if (problems.length > 0) throw refused(problems.slice(0, FIELDS_MAX));
  dropUndefined(instance);
  return instance;
}

/** The fields of a class are all there, undefined where nothing was given; what takes the input would take them for given. */
function dropUndefined(instance: object): void {
  for (const [key, value] of Object.entries(instance) as [string, unknown][]) {
    if (value === undefined) delete (instance as Record<string, unknown>)[key];
    else if (isObject(value)) dropUndefined(value);
  }
}

/** Keys by which an object would pass for one of another class. class-transformer stumbles over them, so they come no further than here. */
const RESERVED: ReadonlySet<string> = new Set(['constructor', '__proto__']);

/** Nothing of ours nests as deep, and what walks an input must not run out of stack. */
const DEPTH_MAX = 64;

function reservedFields(plain: object, prefix: string, depth = 1): FieldProblem[] {
  if (depth > DEPTH_MAX) return [{ field: prefix.slice(0, 128), message: `is nested deeper than ${DEPTH_MAX} levels` }];
  return Object.entries(plain).flatMap(([key, value]: [string, unknown]) => {
    const field = fieldName(plain, key, prefix);
    if (RESERVED.has(key)) return [{ field, message: 'does not exist: no field can be called so' }];
    return isObject(value) ? reservedFields(value, `${field}.`, depth + 1) : [];
  });
}

function fieldName(parent: object, key: string, prefix: string): string {
  return Array.isArray(parent) ? `${prefix.replace(/\.$/, '')}[${key}]` : `${prefix}${key}`;
}

/** Fields called like what every object has (`toString`, `__proto__`) are not carried over; dropping them in silence would be wrong. */
function droppedFields(plain: object, instance: object, prefix: string): FieldProblem[] {
  if (plain === instance) return [];
  return Object.entries(plain).flatMap(([key, value]: [string, unknown]) => {
    const field = fieldName(plain, key, prefix);
    if (!Object.hasOwn(instance, key)) return [{ field, message: 'does not exist' }];
    const made = (instance as Record<string, unknown>)[key];
    return isObject(value) && isObject(made) ? droppedFields(value, made, `${field}.`) : [];
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function refused(errors: readonly FieldProblem[]): ProblemError {
  const detail = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  return new ProblemError('invalid-input', detail, { errors });
}

function fieldsOf({ property, value, constraints, children = [] }: ValidationError, prefix: string): FieldProblem[] {
  const isIndex = /^\d+$/.test(property);
  const field = isIndex ? `${prefix.replace(/\.$/, '')}[${property}]` : `${prefix}${property}`;
  const own = Object.entries(constraints ?? {}).map(([rule, message]) => ({
    field,
    message:
      rule === 'whitelistValidation' ? 'does not exist' : value === undefined ? `is missing: ${message}` : message,
  }));
  return [...own, ...children.flatMap((child) => fieldsOf(child, `${field}.`))];
}
