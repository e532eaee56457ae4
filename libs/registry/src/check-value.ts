/** Checks of single values that come from outside. Each gives the value back, or throws an `InvalidInstanceError` that names the field. */
import { InvalidInstanceError } from './errors.js';
import { limits } from './instance/limits.js';

/** `{ [key]: checked }`, or nothing when the field is absent. */
export function given<Key extends string, Value>(
  key: Key,
  value: unknown,
  checked: (value: unknown) => Value,
): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: checked(value) } as Record<Key, Value>);
}

/** A text of some length without characters that ZooKeeper refuses. */
export function text(field: string, value: unknown): string {
  if (typeof value !== 'string') throw new InvalidInstanceError(field, `must be a string, not ${kindOf(value)}`);
  if (value === '') throw new InvalidInstanceError(field, 'must not be empty');
  if (value.length > limits.textLengthMax) {
    throw new InvalidInstanceError(
      field,
      `has ${value.length} characters; at most ${limits.textLengthMax} are allowed`,
    );
  }
  // What ZooKeeper refuses in a path: control characters, surrogates, private use, and the specials at the end of the plane.
  if (/[\p{Cc}\p{Cs}\p{Co}\ufff0-\uffff]/u.test(value)) {
    throw new InvalidInstanceError(field, 'has a control character, or one that cannot be printed');
  }
  return value;
}

/** A number within bounds. */
export function number(field: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw new InvalidInstanceError(field, `must be a number from ${min} to ${max}, not ${shown(value)}`);
}

/** A whole number within bounds. */
export function whole(field: string, value: unknown, min: number, max: number): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  throw new InvalidInstanceError(field, `must be a whole number from ${min} to ${max}, not ${shown(value)}`);
}

/** True or false. */
export function flag(field: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidInstanceError(field, `must be true or false, not ${shown(value)}`);
}

/** An object with fields. */
export function record(field: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InvalidInstanceError(field, `must be an object, not ${kindOf(value)}`);
}

/** What kind of value it is, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value;
}

/** The value as an error shows it: short, and nothing of an object. */
export function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? JSON.stringify(value).slice(0, 80)
    : kindOf(value);
}

/** One of some texts. */
export function oneOf<T extends string>(field: string, value: unknown, allowed: readonly T[]): T {
  if (allowed.includes(value as T)) return value as T;
  throw new InvalidInstanceError(field, `must be one of ${allowed.join(', ')}, not ${shown(value)}`);
}
