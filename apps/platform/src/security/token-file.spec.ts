import { describe, expect, it } from '@jest/globals';
import { parseTokenFile, TokenFileError } from './token-file.js';
import { hashToken, makeToken } from './token-hash.js';

const HASH = hashToken('secret').toString('hex');
const parse = (text: string) => parseTokenFile('tokens.yaml', text);

describe('a token file', () => {
  it('gives names, hashes and grants', () => {
    const text = `tokens:\n  - name: shop\n    sha256: ${HASH}\n    grants: [{ role: writer, namespace: shop, services: shop- }]\n`;
    expect(parse(text)).toEqual([
      { name: 'shop', hash: hashToken('secret'), grants: [{ role: 'writer', namespace: 'shop', services: 'shop-' }] },
    ]);
  });

  it.each([
    ['no list', 'token: 1', 'tokens.yaml:1: has no list of tokens'],
    ['no YAML', 'tokens: [', 'is not YAML'],
    ['an entry that is none', 'tokens:\n  - shop', 'tokens.yaml:2: is no token'],
    ['a misspelled field', `tokens:\n  - name: a\n    sha265: ${HASH}\n    grants: []`, 'sha265 does not exist'],
    ['no name', `tokens:\n  - sha256: ${HASH}\n    grants: []`, 'name is missing'],
    ['no grants', `tokens:\n  - name: a\n    sha256: ${HASH}\n    grants: []`, 'grants of "a" are missing'],
    [
      'a role that is none',
      `tokens:\n  - name: a\n    sha256: ${HASH}\n    grants: [{ role: root, namespace: x }]`,
      '"root"',
    ],
    [
      'a grant on nothing',
      `tokens:\n  - name: a\n    sha256: ${HASH}\n    grants: [{ role: reader }]`,
      'is on nothing',
    ],
    [
      'a namespace with a path in it',
      `tokens:\n  - name: a\n    sha256: ${HASH}\n    grants: [{ role: reader, namespace: ../x }]`,
      'namespace "../x" cannot be',
    ],
    [
      'one name twice',
      `tokens:\n${`  - name: a\n    sha256: ${HASH}\n    grants: [{ role: reader, namespace: x }]\n`.repeat(2)}`,
      '"a" is there twice',
    ],
  ])('with %s is refused', (_title, text, sentence) => {
    expect(() => parse(text)).toThrow(TokenFileError);
    expect(() => parse(text)).toThrow(sentence);
  });

  it('does not repeat what stands in the place of a hash: it may be the token', () => {
    const token = makeToken();
    expect(() => parse(`tokens:\n  - name: a\n    sha256: ${token}\n    grants: []`)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(token) }),
    );
  });
});
