import { InvalidInputError, TooLargeError } from './errors.js';
import { limits } from './limits.js';

/*
 * Names become parts of znode paths and of file names, so they are checked once, here, at the door. A name begins with a letter or
 * a digit and goes on with letters, digits, `.`, `_` and `-`. So there is no `..`, no slash, no NUL and no blank in any, and what the
 * module itself adds beside them (`_defaults`, `dev,eu:instance`) can never be mistaken for one.
 */

/** What is released as one: an application of a namespace, or, without an application, the defaults of the whole namespace. */
export interface Scope {
  readonly namespace: string;
  /** Absent: the namespace's own documents, which every application of it inherits. */
  readonly application?: string | undefined;
}

/**
 * Whose configuration is asked for. What overrides what, from the weakest to the strongest:
 *
 * 1. the namespace's documents without a profile,
 * 2. the namespace's documents of each profile, in the order given,
 * 3. the application's documents without a profile,
 * 4. the application's documents of each profile, in the order given: the last profile wins.
 *
 * Within one of these steps documents are merged in the order of their names.
 */
export interface Target {
  readonly namespace: string;
  readonly application: string;
  readonly profiles?: readonly string[];
}

/** A document within a scope. */
export interface DocumentKey {
  /** Absent: for every profile. */
  readonly profile?: string | undefined;
  readonly name: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/u;

/** Checks one name. @throws InvalidInputError | TooLargeError naming the field. */
export function checkName(field: string, name: unknown): string {
  if (typeof name !== 'string') throw new InvalidInputError(field, `must be a string, not ${typeName(name)}`);
  if (name === '') throw new InvalidInputError(field, 'must not be empty');
  if (name.length > limits.nameLengthMax) {
    throw new TooLargeError(`length of ${field}`, name.length, limits.nameLengthMax);
  }
  if (!NAME.test(name)) {
    const shown = JSON.stringify(name);
    throw new InvalidInputError(
      field,
      `must begin with a letter or digit and hold only A-Z a-z 0-9 . _ -, not ${shown}`,
    );
  }
  return name;
}

/** Checks a scope and drops what does not belong to it. @throws InvalidInputError | TooLargeError */
export function checkScope(scope: Scope): Scope {
  const namespace = checkName('namespace', scope.namespace);
  if (scope.application === undefined) return { namespace };
  return { namespace, application: checkName('application', scope.application) };
}

/** Checks a target; the profiles are always there afterwards. @throws InvalidInputError | TooLargeError */
export function checkTarget(target: Target): Required<Target> {
  const namespace = checkName('namespace', target.namespace);
  const application = checkName('application', target.application);
  return { namespace, application, profiles: checkProfiles(target.profiles ?? []) };
}

/** Checks a list of profiles: few, and none twice. @throws InvalidInputError | TooLargeError */
export function checkProfiles(profiles: readonly string[]): readonly string[] {
  const given: unknown = profiles;
  if (!Array.isArray(given)) throw new InvalidInputError('profiles', `must be a list, not ${typeName(given)}`);
  if (profiles.length > limits.profilesMax) {
    throw new TooLargeError('number of profiles', profiles.length, limits.profilesMax);
  }
  profiles.forEach((profile, i) => {
    checkName(`profiles[${i}]`, profile);
    if (profiles.indexOf(profile) !== i) throw new InvalidInputError(`profiles[${i}]`, `"${profile}" is there twice`);
  });
  return profiles;
}

/** Checks which document is meant. `field` is put before the names in errors: `changes[3]`. @throws InvalidInputError | TooLargeError */
export function checkDocumentKey(key: DocumentKey, field = ''): DocumentKey {
  const prefix = field === '' ? '' : `${field}.`;
  const name = checkName(`${prefix}name`, key.name);
  return key.profile === undefined ? { name } : { profile: checkName(`${prefix}profile`, key.profile), name };
}

/** Checks labels: few, with names as keys and short values. @throws InvalidInputError | TooLargeError */
export function checkLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(labels);
  if (entries.length > limits.labelsMax) throw new TooLargeError('number of labels', entries.length, limits.labelsMax);
  for (const [key, value] of entries) {
    checkName(`label "${key}"`, key);
    checkText(`labels.${key}`, value, limits.nameLengthMax);
  }
  return labels;
}

/** Checks a text for people: a string of bounded length. @throws InvalidInputError | TooLargeError */
export function checkText(field: string, text: unknown, lengthMax: number = limits.commentLengthMax): string {
  if (typeof text !== 'string') throw new InvalidInputError(field, `must be a string, not ${typeName(text)}`);
  if (text.length > lengthMax) throw new TooLargeError(`length of ${field}`, text.length, lengthMax);
  return text;
}

/** A document as people write it: `name`, or `profile/name`. Also its identity within a scope. */
export function documentId({ profile, name }: DocumentKey): string {
  return profile === undefined ? name : `${profile}/${name}`;
}

/** A scope as people write it: `shop/cart`, or `shop` for the defaults of the namespace. */
export function describeScope({ namespace, application }: Scope): string {
  return application === undefined ? namespace : `${namespace}/${application}`;
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
}
