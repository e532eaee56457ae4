import { describe, expect, it } from '@jest/globals';
import { type Acl, ErrorCode, type Identity, OPEN_ACL, Perms } from '@corral/model';
import { maskDigests, permits, resolveAcl } from './access.js';

const entry = (scheme: string, id: string, perms: number = Perms.all): Acl => ({ perms, scheme, id });
const ip: Identity = { scheme: 'ip', id: '10.0.0.1' };
const ann: Identity = { scheme: 'digest', id: 'ann:hash' };
const bob: Identity = { scheme: 'digest', id: 'bob:hash' };
const superuser: Identity = { scheme: 'super', id: '' };

describe('an ACL', () => {
  it.each([
    ['the open one', OPEN_ACL, Perms.admin, [], true],
    ['world, for what it names', [entry('world', 'anyone', Perms.read)], Perms.read, [], true],
    ['world, for what it does not name', [entry('world', 'anyone', Perms.read)], Perms.write, [], false],
    ['world, for one of two permissions', [entry('world', 'anyone', Perms.admin)], Perms.read | Perms.admin, [], true],
    ['a digest, for who has proved it', [entry('digest', 'ann:hash')], Perms.write, [ip, ann], true],
    ['a digest, for who has proved another', [entry('digest', 'ann:hash')], Perms.write, [ip, bob], false],
    ['a digest, for who has proved nothing', [entry('digest', 'ann:hash')], Perms.write, [], false],
    ['a digest without the permission', [entry('digest', 'ann:hash', Perms.read)], Perms.write, [ann], false],
    ['an address', [entry('ip', '10.0.0.1')], Perms.read, [ip], true],
    ['a network', [entry('ip', '10.0.0.0/24')], Perms.read, [ip], true],
    ['another network', [entry('ip', '10.0.1.0/24')], Perms.read, [ip], false],
    [
      'several entries, the last of which fits',
      [entry('ip', '1.1.1.1'), entry('digest', 'ann:hash')],
      Perms.read,
      [ann],
      true,
    ],
    ['nobody, for a superuser', [entry('world', 'anyone', 0)], Perms.admin, [ip, superuser], true],
    ['an id of one scheme, for the same id in another', [entry('digest', '10.0.0.1')], Perms.read, [ip], false],
    ['bits nobody knows', [entry('world', 'anyone', 32)], Perms.all, [], false],
    ['every bit', [entry('world', 'anyone', -1)], Perms.admin, [], true],
  ] as [string, ...Parameters<typeof permits>, boolean][])('%s', (...row) => {
    const [, acl, perms, identities, expected] = row;
    expect(permits(acl, perms, identities)).toBe(expected);
  });
});

describe('a requested ACL', () => {
  it.each([
    ['null', null],
    ['empty', []],
    ['an unknown scheme', [entry('no-such', 'x')]],
    ['no scheme', [entry('', '')]],
    ['super', [entry('super', '')]],
    ['sasl', [entry('sasl', 'x')]],
    ['x509', [entry('x509', 'x')]],
    ['world with another id', [entry('world', 'everyone')]],
    ['a digest without a hash', [entry('digest', 'ann:')]],
    ['a digest without a colon', [entry('digest', 'ann')]],
    ['a digest with two colons', [entry('digest', 'a:b:c')]],
    ['a digest of nothing', [entry('digest', ':')]],
    ['a name for an address', [entry('ip', 'localhost')]],
    ['auth of who has proved nothing', [entry('auth', '')]],
    ['one good entry and one bad', [entry('world', 'anyone'), entry('no-such', 'x')]],
  ] as [string, Acl[] | null][])('that is %s is refused', (_what, acl) => {
    expect(resolveAcl(acl, [ip, superuser])).toBe(ErrorCode.invalidAcl);
  });

  it.each([
    ['the open one', OPEN_ACL],
    ['a digest with an empty user', [entry('digest', ':hash')]],
    ['a digest with a colon at the end', [entry('digest', 'ann:hash:')]],
    ['any bits', [entry('world', 'anyone', 0x7fff_ffff), entry('world', 'anyone', 0)]],
    ['an address as it was sent', [entry('ip', '010.1.2.3/8')]],
  ] as [string, readonly Acl[]][])('that is %s is kept as it is', (_what, acl) => {
    expect(resolveAcl(acl, [])).toEqual(acl);
  });

  it('loses what it says twice', () => {
    const acl = [
      entry('world', 'anyone', 1),
      entry('ip', '1.2.3.4'),
      entry('world', 'anyone', 1),
      entry('world', 'anyone', 2),
    ];
    expect(resolveAcl(acl, [])).toEqual([acl[0], acl[1], acl[3]]);
  });

  it('of `auth` stands for every user whom the requester has proved to be, whatever id it names', () => {
    expect(resolveAcl([entry('auth', 'ignored', Perms.read)], [ip, superuser, ann, bob])).toEqual([
      entry('digest', 'ann:hash', Perms.read),
      entry('digest', 'bob:hash', Perms.read),
    ]);
  });

  it('has a bound', () => {
    const many = Array.from({ length: 20_000 }, (_, perms) => entry('world', 'anyone', perms));
    expect(resolveAcl(many, [])).toBe(ErrorCode.invalidAcl);
    expect(
      resolveAcl(
        many.map(({ perms }) => entry('auth', '', perms)),
        [ann, bob],
      ),
    ).toBe(ErrorCode.invalidAcl);
    expect(resolveAcl(many.slice(0, 5000), [])).toHaveLength(5000);
  });
});

describe('the ACL as it is shown to who may not administer', () => {
  it('hides the hashes of digests and nothing else', () => {
    const acl = [entry('digest', 'ann:hash'), entry('ip', '1.2.3.4'), entry('digest', ':hash')];
    expect(maskDigests(acl).map(({ id }) => id)).toEqual(['ann:x', '1.2.3.4', ':x']);
    expect(acl[0]!.id).toBe('ann:hash');
  });
});
