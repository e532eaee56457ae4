import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OPEN_ACL, Perms } from '@corral/model';
import { anyAcl, expectMalformed } from '@corral/wire/testing';
import { decodeAcl, encodeAcl, isOpenAcl, JuteAclCodec } from './acl-codec.js';

const digest = { perms: Perms.all, scheme: 'digest', id: 'bob:hash' };

describe('ACLs as znodes keep them', () => {
  it('are no bytes at all for the open ACL, whoever made it', () => {
    expect(encodeAcl(OPEN_ACL)).toHaveLength(0);
    expect(encodeAcl([{ perms: 31, scheme: 'world', id: 'anyone' }])).toHaveLength(0);
    expect(decodeAcl(new Uint8Array(0))).toBe(OPEN_ACL);
  });

  it.each([
    [[]],
    [[{ perms: 30, scheme: 'world', id: 'anyone' }]],
    [[{ perms: 31, scheme: 'world', id: 'somebody' }]],
    [[...OPEN_ACL, ...OPEN_ACL]],
  ])('are bytes for %j, which is not open', (acl) => {
    expect(isOpenAcl(acl)).toBe(false);
    expect(encodeAcl(acl)).not.toHaveLength(0);
    expect(decodeAcl(encodeAcl(acl))).toEqual(acl);
  });

  it('come back as they went', () => {
    fc.assert(fc.property(anyAcl, (acl) => expect(decodeAcl(encodeAcl(acl))).toEqual(acl)));
  });

  it('are the same frozen object for the same bytes', () => {
    const first = decodeAcl(encodeAcl([digest]));
    expect(decodeAcl(Uint8Array.from(encodeAcl([digest])))).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
  });

  it('are remembered in bounded numbers, the newest', () => {
    const codec = new JuteAclCodec();
    const bytes = (index: number): Buffer => codec.encode([{ ...digest, id: String(index) }]);
    const first = codec.decode(bytes(0));
    for (let index = 1; index <= 1024; index += 1) codec.decode(bytes(index));
    expect(codec.decode(bytes(0))).not.toBe(first);
    expect(codec.decode(bytes(1024))).toBe(codec.decode(bytes(1024)));
  });

  it('are not remembered when they are long', () => {
    const bytes = encodeAcl([{ ...digest, id: 'x'.repeat(2000) }]);
    expect(decodeAcl(bytes)).not.toBe(decodeAcl(bytes));
  });

  it('do not share memory with what encodes next', () => {
    const first = encodeAcl([digest]);
    const copy = Buffer.from(first);
    encodeAcl([{ ...digest, id: 'al:other' }]);
    expect(first).toEqual(copy);
  });

  it('are malformed when they end too early', () => {
    const bytes = encodeAcl([digest]);
    for (let length = 1; length < bytes.length; length += 1)
      expectMalformed(() => decodeAcl(bytes.subarray(0, length)));
  });
});
