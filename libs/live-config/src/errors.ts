/*
 * What can go wrong, one class per kind. Each names what was wrong and, where there is one, what would be right. Failures of the
 * connection are the client's own errors and pass through unchanged.
 */

/** What all errors of this module have in common. */
export abstract class LiveConfigError extends Error {}

/** A name, a number or a text that was handed in cannot be. `field` says which: `namespace`, `changes[2].name`. */
export class InvalidInputError extends LiveConfigError {
  override readonly name = 'InvalidInputError';

  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field} ${reason}`);
  }
}

/** More than the module keeps. `field` says of what, `max` how much there may be. */
export class TooLargeError extends LiveConfigError {
  override readonly name = 'TooLargeError';

  constructor(
    readonly field: string,
    readonly actual: number,
    readonly max: number,
  ) {
    super(`${field} is ${actual}, at most ${max} is allowed`);
  }
}

/** A document that cannot be read in its format. Lines and columns count from 1. */
export class ParseError extends LiveConfigError {
  override readonly name = 'ParseError';

  constructor(
    readonly document: string,
    readonly reason: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(`${document}:${line}:${column}: ${reason}`);
  }
}

/** One value that a schema or a validator refuses. */
export interface ValidationIssue {
  /** The document, or `*` for the merged tree of the application. */
  readonly document: string;
  /** JSON pointer to the value: `/database/port`. Empty for the whole. */
  readonly path: string;
  /** What would be right. */
  readonly message: string;
  /** The combination of profiles in which it was found. */
  readonly profiles: readonly string[];
}

/** A release that was refused before anything was written. */
export class ValidationError extends LiveConfigError {
  override readonly name = 'ValidationError';

  constructor(readonly issues: readonly ValidationIssue[]) {
    super(`configuration is not valid: ${issues.map(describeIssue).join('; ')}`);
  }
}

function describeIssue({ document, path, message, profiles }: ValidationIssue): string {
  const where = profiles.length === 0 ? '' : ` (profiles ${profiles.join(',')})`;
  return `${document}${path === '' ? '' : ` at ${path}`}${where}: ${message}`;
}

/** Somebody else was first. `current` is the release that stands now; read it, decide again, publish again. */
export class ConflictError extends LiveConfigError {
  override readonly name: string = 'ConflictError';

  constructor(
    readonly current: number,
    /** The documents that both sides changed, as `name` or `profile/name`; empty when only the expected release differs. */
    readonly documents: readonly string[] = [],
    reason = documents.length === 0 ? '' : `; changed meanwhile: ${documents.join(', ')}`,
  ) {
    super(`the current release is ${current}${reason}`);
  }
}

/** A gradual release is on its way: promote or abort it first. */
export class RolloutActiveError extends ConflictError {
  override readonly name = 'RolloutActiveError';

  constructor(
    current: number,
    readonly rolloutRelease: number,
  ) {
    super(current, [], `; release ${rolloutRelease} is being rolled out: promote or abort it first`);
  }
}

/** There is no such release, document, schema or rollout. */
export class NotFoundError extends LiveConfigError {
  override readonly name = 'NotFoundError';

  constructor(readonly what: string) {
    super(`there is no ${what}`);
  }
}

/** What was read is not what was written: a hash or an authentication tag does not match, or a part is missing. */
export class IntegrityError extends LiveConfigError {
  override readonly name = 'IntegrityError';

  constructor(
    readonly path: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${path}: ${reason}`, options);
  }
}

/** A value is encrypted with a key that is not in the key ring. */
export class KeyMissingError extends LiveConfigError {
  override readonly name = 'KeyMissingError';

  constructor(
    readonly keyId: string,
    readonly where: string,
  ) {
    super(`${where} needs the key "${keyId}", which is not in the key ring`);
  }
}

/** A key ring that cannot be used: no key in it, a key of the wrong length, an id twice. */
export class KeyRingError extends LiveConfigError {
  override readonly name = 'KeyRingError';
}
