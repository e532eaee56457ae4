/**
 * The two pieces of class-validator that settings need, taken from their own files.
 * Its front door also loads every validator that it has, telephone number tables included: 60 to 100 ms of a start that must
 * stay well under 300 ms. These two cost 9 ms.
 */
import { createRequire } from 'node:module';
import type * as ClassValidator from 'class-validator';

const load = createRequire(import.meta.url);

/** Makes a property decorator out of a predicate and a message. */
export const { ValidateBy } = load('class-validator/cjs/decorator/common/ValidateBy.js') as Pick<
  typeof ClassValidator,
  'ValidateBy'
>;

/** Runs the decorators of an object's class against the object. */
export const { Validator } = load('class-validator/cjs/validation/Validator.js') as Pick<
  typeof ClassValidator,
  'Validator'
>;
