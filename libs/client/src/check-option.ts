/** Checks of single values that a caller gives. Each gives the value back, or throws an `InvalidOptionError` that names it and says what would be right. */
import { isUint8Array } from 'node:util/types';
import type { Acl } from '@corral/model';
import { InvalidOptionError } from './errors/connection-errors.js';
import type { Credential } from './session/credentials.js';

const INT_MAX = 0x7fff_ffff;

/** A whole number above zero that fits into 32 bits. */
export function checkPositive(option: string, value: number): number {
  if (Number.isInteger(value) && value > 0 && value <= INT_MAX) return value;
  throw new InvalidOptionError(option, `${String(value)} is not a whole number from 1 to ${INT_MAX}`);
}

/** The version that a change expects; -1, or nothing, for any. */
export function checkVersion(value: number | undefined): number {
  if (value === undefined) return -1;
  if (Number.isInteger(value) && value >= -1 && value <= INT_MAX) return value;
  throw new InvalidOptionError(
    'version',
    `${String(value)} is not a whole number from 0 to ${INT_MAX}, nor -1 for any`,
  );
}

/** A list of who may do what. */
export function checkAcl(option: string, value: readonly Acl[]): readonly Acl[] {
  const isAcl = (entry: Partial<Acl> | null): boolean =>
    Number.isInteger(entry?.perms) && typeof entry?.scheme === 'string' && typeof entry.id === 'string';
  const isList = Array.isArray(value) && value.length > 0 && (value as readonly (Acl | null)[]).every(isAcl);
  if (isList) return value as readonly Acl[];
  throw new InvalidOptionError(option, 'must be a list, not empty, of { perms: number, scheme: string, id: string }');
}

/** An identity to prove. */
export function checkCredential(option: string, value: Credential): Credential {
  const { data, scheme } = (value ?? {}) as Partial<Credential>;
  const isWhole = typeof scheme === 'string' && scheme !== '' && (typeof data === 'string' || isUint8Array(data));
  if (isWhole) return value;
  throw new InvalidOptionError(
    option,
    'must be { scheme: string, data: text or bytes }, such as digest and user:password',
  );
}

/** Something that can be called. */
export function checkFunction<T>(option: string, value: T): T {
  if (typeof value === 'function') return value;
  throw new InvalidOptionError(option, `must be a function, not ${kindOf(value)}`);
}

/** What kind of value it is, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value;
}
