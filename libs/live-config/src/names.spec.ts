import { describe, expect, it } from '@jest/globals';
import { InvalidInputError, TooLargeError } from './errors.js';
import {
  checkDocumentKey,
  checkLabels,
  checkName,
  checkProfiles,
  checkScope,
  checkTarget,
  documentId,
} from './names.js';

describe('names', () => {
  it.each(['a', 'shop', 'A1', '9', 'cart.v2', 'eu-west_1', 'x'.repeat(128)])('%j is one', (name) => {
    expect(checkName('namespace', name)).toBe(name);
  });

  it.each([
    '',
    '.',
    '..',
    '.hidden',
    '-x',
    '_defaults',
    'a/b',
    '../etc',
    'a\0b',
    'a b',
    'a\nb',
    'ä',
    'a,b',
    'a:b',
    '%2e',
  ])('%j is none, and the field is named', (name) => {
    expect(() => checkName('changes[1].name', name)).toThrow(InvalidInputError);
    expect(() => checkName('changes[1].name', name)).toThrow(/^changes\[1\]\.name must/u);
  });

  it.each([undefined, null, 7, {}, ['a']])('%p is none', (name) => {
    expect(() => checkName('application', name)).toThrow('application must be a string');
  });

  it('are bounded in length', () => {
    const error = (() => {
      try {
        return checkName('profile', 'x'.repeat(129));
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(TooLargeError);
    expect(error).toMatchObject({ field: 'length of profile', actual: 129, max: 128 });
  });

  it('of a scope are checked both, and nothing else is let through', () => {
    const extra = { namespace: 'shop', application: 'cart', more: 1 };
    expect(checkScope(extra)).toEqual({ namespace: 'shop', application: 'cart' });
    expect(checkScope({ namespace: 'shop' })).toEqual({ namespace: 'shop' });
    expect(() => checkScope({ namespace: 'shop', application: '..' })).toThrow('application must');
  });

  it('of profiles are few and different', () => {
    expect(checkTarget({ namespace: 'a', application: 'b' }).profiles).toEqual([]);
    expect(() => checkProfiles(['dev', 'dev'])).toThrow('profiles[1] "dev" is there twice');
    expect(() => checkProfiles(['dev', 'e/u'])).toThrow('profiles[1] must');
    expect(() => checkProfiles(Array.from({ length: 17 }, (_, i) => `p${i}`))).toThrow('number of profiles is 17');
    expect(() => checkProfiles('dev' as never)).toThrow('profiles must be a list');
  });

  it('of documents are told apart by their profile', () => {
    expect(documentId(checkDocumentKey({ name: 'main.yaml' }))).toBe('main.yaml');
    expect(documentId(checkDocumentKey({ profile: 'dev', name: 'main.yaml' }))).toBe('dev/main.yaml');
    expect(() => checkDocumentKey({ profile: '', name: 'x' }, 'changes[0]')).toThrow(
      'changes[0].profile must not be empty',
    );
  });

  it('of labels are names, and their values short', () => {
    expect(checkLabels({ zone: 'eu 1' })).toEqual({ zone: 'eu 1' });
    expect(() => checkLabels({ 'a/b': 'x' })).toThrow('label "a/b" must');
    expect(() => checkLabels({ zone: 1 as never })).toThrow('labels.zone must be a string');
  });
});
