import { describe, expect, it } from '@jest/globals';
import { choice, whole, list, namedSchemas, optional, part, record, text } from './schema.js';

interface Pet {
  readonly name: string;
  readonly kind: 'cat' | 'dog';
  readonly ageMs?: number | undefined;
}

const name = text('How it is called', { example: 'Tom' });
const kind = choice('What it is', { cat: 'meows', dog: '' });

describe('a schema', () => {
  it('says which fields there are and which of them may be missing', () => {
    const pet = record<Pet>('SchemaSpecPet', 'A pet', { name, kind, ageMs: optional(whole('Its age')) });
    expect(pet.json).toEqual({ $ref: '#/components/schemas/SchemaSpecPet' });
    expect(namedSchemas()['SchemaSpecPet']).toEqual({
      type: 'object',
      description: 'A pet',
      required: ['name', 'kind'],
      properties: {
        name: { type: 'string', description: 'How it is called', example: 'Tom' },
        kind: { type: 'string', enum: ['cat', 'dog'], description: 'What it is. cat: meows' },
        ageMs: { type: 'integer', minimum: 0, description: 'Its age' },
      },
    });
  });

  it('has a name for itself', () => {
    const declare = (): unknown => record<{ name: string }>('SchemaSpecTwice', 'Something', { name });
    declare();
    expect(declare).toThrow('two schemas are called SchemaSpecTwice');
  });

  // The build compiles this file: it fails where a line that must not compile does.
  it('compiles only when it is exactly as the type is', () => {
    const ageMs = optional(whole('Its age'));
    // @ts-expect-error -- a field is left out
    part<Pet>('', { name, ageMs });
    // @ts-expect-error -- there is no such field
    part<Pet>('', { name, kind, ageMs, owner: name });
    // @ts-expect-error -- a field is of another type
    part<Pet>('', { name: whole(''), kind, ageMs });
    // @ts-expect-error -- it may be missing
    part<Pet>('', { name, kind, ageMs: whole('') });
    // @ts-expect-error -- it is never missing
    part<Pet>('', { name: optional(name), kind, ageMs });
    // @ts-expect-error -- a word is left out
    part<Pet>('', { name, ageMs, kind: choice('', { cat: '' }) });
    // @ts-expect-error -- not every text will do
    part<Pet>('', { name, ageMs, kind: text('') });
    expect(part<{ pets: readonly string[] }>('', { pets: list('', name) }).json).toHaveProperty('properties.pets');
  });
});
