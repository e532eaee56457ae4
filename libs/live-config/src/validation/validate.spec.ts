import { describe, expect, it } from '@jest/globals';
import { levelDocument } from '../effective.js';
import { InvalidInputError, ValidationError } from '../errors.js';
import { compileSchema } from './json-schema.js';
import { knownProfileSets, type Proposal, validateProposal } from './validate.js';

const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';
const yaml = (name: string, content: string, profile?: string) =>
  levelDocument({ name, format: 'yaml', content, ...(profile === undefined ? {} : { profile }) });

describe('a JSON Schema', () => {
  it('is of 2020-12 unless it says draft-07', () => {
    const tuple = { prefixItems: [{ type: 'number' }], items: false };
    expect(compileSchema(tuple, 's')([1])).toEqual([]);
    expect(compileSchema(tuple, 's')([1, 2])).toHaveLength(1);
    const old = { $schema: DRAFT_07, items: [{ type: 'number' }], additionalItems: false };
    expect(compileSchema(old, 's')([1])).toEqual([]);
    expect(compileSchema(old, 's')(['x', 2])).toHaveLength(2);
  });

  it('of another kind is refused, and so is one that promises its answer', () => {
    expect(() => compileSchema({ $schema: 'http://json-schema.org/draft-06/schema#' }, 's')).toThrow(
      's.$schema must be that of draft-07 or of 2020-12',
    );
    expect(() => compileSchema({ $async: true, type: 'string' }, 's')).toThrow('s must not say $async: true');
  });

  it('that does not come to an end is ended, and what it was to check is not valid', () => {
    const backtracking = compileSchema({ pattern: '^(a+)+$' }, 's', 20);
    const issue = { path: '', message: expect.stringContaining('takes longer than 20 ms') };
    expect(backtracking(`${'a'.repeat(40)}!`)).toEqual([issue]);
    expect(backtracking('a')).toEqual([issue]);
    const circular = compileSchema({ allOf: [{ $ref: '#' }] }, 's');
    expect(circular(1)).toEqual([{ path: '', message: expect.stringContaining('cannot be checked') }]);
  });

  it('names every wrong value by JSON pointer, and says what would be right', () => {
    const schema = {
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: {
        name: { type: 'string' },
        port: { type: 'integer', maximum: 65535 },
        level: { enum: ['info', 'warn'] },
      },
    };
    expect(compileSchema(schema, 's')({ port: 70000, level: 'loud', 'a/b': 1 })).toEqual(
      expect.arrayContaining([
        { path: '', message: "must have required property 'name'" },
        { path: '', message: 'must NOT have additional properties: "a/b"' },
        { path: '/port', message: 'must be <= 65535' },
        { path: '/level', message: 'must be equal to one of the allowed values: ["info","warn"]' },
      ]),
    );
  });

  it('knows formats', () => {
    expect(compileSchema({ format: 'ipv4' }, 's')('10.0.0.1')).toEqual([]);
    expect(compileSchema({ format: 'ipv4' }, 's')('10.0.0')).toHaveLength(1);
    expect(compileSchema({ $schema: DRAFT_07, format: 'uri' }, 's')('nowhere')).toHaveLength(1);
  });

  it.each([7, null, [], 'x', { type: 'nonsense' }, { $ref: 'http://elsewhere.example/schema' }])(
    '%j is none',
    (schema) => {
      expect(() => compileSchema(schema, 'schema')).toThrow(InvalidInputError);
    },
  );
});

describe('the combinations of profiles that are checked', () => {
  it('are those in use and each profile with documents', () => {
    const documents = [{}, { profile: 'dev' }, { profile: 'prod' }];
    expect(knownProfileSets(documents, [['dev', 'eu'], ['dev', 'eu'], []])).toEqual([
      ['dev', 'eu'],
      [],
      ['dev'],
      ['prod'],
    ]);
  });

  it('are no profile at all only when there are none', () => {
    expect(knownProfileSets([{}], [])).toEqual([[]]);
    expect(knownProfileSets([{ profile: 'dev' }], [])).toEqual([['dev']]);
  });
});

describe('a release', () => {
  const proposal = (changes: Partial<Proposal>): Proposal => ({
    release: 2,
    defaultsRelease: 1,
    scopes: [],
    schemas: new Map(),
    validators: [],
    profileSets: [[]],
    ...changes,
  });

  it('is judged by what each combination sees merged', () => {
    const schema = compileSchema({ properties: { port: { type: 'integer', maximum: 100 } }, required: ['port'] }, 's');
    const scopes = [[yaml('base', 'port: 1\n')], [yaml('main', 'port: 200\n', 'prod'), yaml('main', 'port: 2\n')]];
    const check = (profileSets: string[][]): void =>
      validateProposal(proposal({ scopes, schemas: new Map([['*', schema]]), profileSets }));
    expect(() => check([[], ['dev']])).not.toThrow();
    expect(() => check([[], ['prod']])).toThrow(ValidationError);
    expect(() => check([[], ['prod']])).toThrow('* at /port (profiles prod): must be <= 100');
  });

  it('is judged document by document where a schema is bound to one', () => {
    const schemas = new Map([['main', compileSchema({ required: ['a', 'b'] }, 's')]]);
    const scopes = [[], [yaml('main', 'a: 1\n'), yaml('main', 'b: 2\n', 'dev'), yaml('other', 'x: 1\n')]];
    expect(() => validateProposal(proposal({ scopes, schemas, profileSets: [['dev']] }))).not.toThrow();
    expect(() => validateProposal(proposal({ scopes, schemas, profileSets: [[]] }))).toThrow(
      "must have required property 'b'",
    );
  });

  it("is judged by validators of one's own", () => {
    const scopes = [[], [yaml('main', 'min: 3\nmax: 2\n')]];
    const validator: Proposal['validators'][number] = ({ values, release }) =>
      (values.min as number) > (values.max as number)
        ? [{ document: 'main', path: '/min', message: `must not be over max in release ${release}` }]
        : [];
    const issues = [{ document: 'main', path: '/min', message: 'must not be over max in release 2', profiles: [] }];
    expect(() => validateProposal(proposal({ scopes, validators: [validator] }))).toThrow(
      expect.objectContaining({ issues }),
    );
  });
});
