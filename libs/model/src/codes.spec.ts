import { describe, expect, it } from '@jest/globals';
import { OPEN_ACL, Perms, READ_ACL } from './acl.js';
import { ErrorCode } from './error-code.js';
import { OpCode } from './op-code.js';

function duplicates(values: readonly number[]): number[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

describe('the numbers of the protocol', () => {
  it.each([
    ['op codes', OpCode],
    ['error codes', ErrorCode],
  ])('are different for different %s', (_, table) => {
    expect(duplicates(Object.values(table))).toEqual([]);
  });

  it('compose all permissions of the single ones', () => {
    expect(Perms.read | Perms.write | Perms.create | Perms.delete | Perms.admin).toBe(Perms.all);
  });

  it('cannot be changed where they are shared', () => {
    for (const acl of [OPEN_ACL, READ_ACL]) {
      expect(Object.isFrozen(acl)).toBe(true);
      expect(acl.every((entry) => Object.isFrozen(entry))).toBe(true);
    }
  });
});
