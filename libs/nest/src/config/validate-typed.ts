import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import type { ConfigIssue } from './config-errors.js';
import type { TypedConfig } from './typed-config.js';

/** An instance of the class, or why there is none. */
export type Verdict<T> = { readonly instance: T } | { readonly issues: readonly ConfigIssue[] };

/**
 * Makes an instance of the declared class out of the plain value at its path, and validates it. What the value leaves out keeps the
 * default that the class gives it; a value that the class does not know is no error, because a release may be newer than a program.
 */
export async function validateTyped<T extends object>(declared: TypedConfig<T>, value: unknown): Promise<Verdict<T>> {
  const plain = value ?? {};
  if (typeof plain !== 'object' || Array.isArray(plain)) {
    return { issues: [{ path: declared.path, message: `must hold the values of ${declared.type.name}` }] };
  }
  // Copied, because class-transformer keeps parts as they are, and the snapshot belongs to everybody.
  const instance = plainToInstance(declared.type, structuredClone(plain), { exposeDefaultValues: true });
  const errors = await validate(instance, { forbidUnknownValues: true });
  if (errors.length > 0) return { issues: errors.flatMap((error) => issuesOf(error, declared.path)) };
  return { instance: deepFreeze(instance) };
}

function issuesOf(error: ValidationError, above: string): ConfigIssue[] {
  const path = above === '' ? error.property : `${above}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => issuesOf(child, path))];
}

/** What is shared must not be changed by one of those who share it. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}
