/** Holds every input of the platform against everything that its own declaration rules out: the table is made from the declarations. */
import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { ProblemError } from '../errors/problem.js';
import { SchemaDto } from '../config/dto/schema.dto.js';
import { everyInput } from './every-input.fake.js';
import { validateInput } from './validate-input.js';

/** What of a field's OpenAPI declaration says what it must not be. */
interface Declaration {
  readonly type?: unknown;
  readonly isArray?: boolean;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly enum?: readonly unknown[];
}

const API_FIELDS = 'swagger/apiModelPropertiesArray';
const API_FIELD = 'swagger/apiModelProperties';

function fieldsOf(prototype: object): string[] {
  const listed = (Reflect.getMetadata(API_FIELDS, prototype) ?? []) as string[];
  return listed.map((field) => field.slice(1));
}

/** What a field must not be, by its declaration. */
function badValues({
  type,
  isArray,
  maxLength,
  minLength,
  minimum,
  maximum,
  maxItems,
  enum: choices,
}: Declaration): unknown[] {
  if (isArray === true || type === 'array') {
    const tooMany = Array.from({ length: (maxItems ?? 0) + 1 }, () => 'a');
    return [null, 5, {}, tooMany, [null], [5], [{ unknown: 1 }], [['a']]];
  }
  if (typeof type === 'function') return [null, 5, 'x', [], true, { unknown: 1 }];
  if (type === 'object') return [null, 5, 'x', [], true];
  if (type === 'boolean') return [null, 'yes', 1, [], {}];
  if (type === 'integer')
    return [null, 'x', [], {}, true, 1.5, Number.NaN, (minimum ?? 0) - 1, (maximum ?? 0) + 1, Infinity];
  if (type === 'number')
    return [null, 'x', [], {}, true, Number.NaN, (minimum ?? 0) - 1, (maximum ?? 0) + 1, -Infinity];
  if (choices !== undefined) return [null, 5, [], {}, '', 'none of them', `${String(choices[0])}\0`];
  const tooShort = (minLength ?? 0) > 0 ? [''] : [];
  return [null, 5, [], {}, true, 'a\0b', 'x'.repeat((maxLength ?? 0) + 1), ...tooShort];
}

function refusedFields(inputClass: new () => object, plain: unknown): string[] {
  try {
    validateInput(inputClass, plain);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 400) throw error;
    return (error.extras.errors ?? []).map(({ field }) => field);
  }
}

describe('keys by which an object would pass for another', () => {
  it.each(['constructor', '__proto__'])('%s is refused at any depth', (key) => {
    const text = `{"schema":{"properties":[{"${key}":{"a":1}}]}}`;
    expect(refusedFields(SchemaDto, JSON.parse(text))).toEqual([`schema.properties[0].${key}`]);
  });
});

it('input that is nested without end is refused', () => {
  const text = `{"schema":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`;
  expect(refusedFields(SchemaDto, JSON.parse(text))).toEqual([expect.stringMatching(/^schema\.a\./)]);
});

describe.each(everyInput.map(({ inputClass, samples }) => [inputClass.name, inputClass, samples] as const))(
  '%s',
  (_name, inputClass, samples) => {
    it('lets right input through', () => {
      for (const sample of samples) expect(refusedFields(inputClass, sample)).toEqual([]);
    });

    it('has a right value for each of its fields in the samples, so that each is tried', () => {
      const tried = new Set(samples.flatMap((sample) => Object.keys(sample)));
      expect(fieldsOf(inputClass.prototype as object).filter((field) => !tried.has(field))).toEqual([]);
    });

    it('refuses every value that a field must not have, and names the field', () => {
      for (const sample of samples) {
        for (const field of Object.keys(sample)) {
          const declaration = Reflect.getMetadata(API_FIELD, inputClass.prototype as object, field) as Declaration;
          for (const value of badValues(declaration)) {
            const refused = refusedFields(inputClass, { ...sample, [field]: value });
            if (!refused.some((name) => name.startsWith(field))) {
              throw new Error(`${field} = ${JSON.stringify(value)?.slice(0, 60)} was let through: ${refused.join()}`);
            }
          }
        }
      }
    });

    it('refuses fields that do not exist, however they are called', () => {
      for (const sample of samples) {
        for (const field of ['unknown', 'toString', 'constructor', '__proto__']) {
          const withField: unknown = JSON.parse(`{"${field}":"x",${JSON.stringify(sample).slice(1)}`);
          expect(refusedFields(inputClass, withField)).toEqual([field]);
        }
      }
    });

    it('refuses what is no object', () => {
      for (const value of [null, [], 'x', 5, true]) expect(refusedFields(inputClass, value)).toEqual(['body']);
    });
  },
);
