/** Authentication and access lists. */
import { Flag, Op, Perm } from '../raw/op-codes.js';
import * as requests from '../raw/requests.js';
import { digestOf } from '../../harness/index.js';
import { SUPER_PASSWORD } from '../stage/observer.js';
import type { Session } from '../stage/session.js';
import type { Scenario } from '../stage/scenario.js';

const world = (perms: number): requests.AclEntry => ({ perms, scheme: 'world', id: 'anyone' });
const auth = (perms: number = Perm.all): requests.AclEntry => ({ perms, scheme: 'auth', id: '' });
const digest = (user: string, password: string, perms: number = Perm.all): requests.AclEntry => ({
  perms,
  scheme: 'digest',
  id: digestOf(user, password),
});
const ip = (id: string, perms: number = Perm.all): requests.AclEntry => ({ perms, scheme: 'ip', id });

const authentication: Scenario = {
  name: 'access: authentication',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.whoAmI();
    await a.auth('digest', 'alice:secret');
    await a.whoAmI();
    await a.auth('digest', 'alice:secret');
    await a.auth('digest', 'bob:other');
    await a.auth('digest', 'alice:different');
    await a.auth('digest', 'nocolon');
    await a.auth('digest', '');
    await a.auth('digest', ':');
    await a.auth('digest', ':onlypassword');
    await a.auth('digest', 'two:colons:here');
    await a.auth('digest', Buffer.from([0xff, 0x3a, 0xfe]));
    await a.auth('ip', '');
    await a.auth('ip', '10.0.0.1');
    await a.whoAmI();
    await a.auth('digest', `super:${SUPER_PASSWORD}`);
    await a.whoAmI();
    const refused: [string, requests.AclEntry['scheme'], requests.AclEntry['id']][] = [
      ['world', 'world', 'anyone'],
      ['unknown', 'nope', 'x'],
      ['null', null, 'x'],
      ['empty', '', 'x'],
      ['super', 'super', ''],
      ['auth', 'auth', ''],
      ['sasl', 'sasl', 'x'],
      ['x509', 'x509', 'x'],
      ['case', 'Digest', 'alice:secret'],
      ['null-digest', 'digest', null],
    ];
    for (const [name, scheme, id] of refused) {
      const session = await stage.session(`auth-${name}`);
      await session.auth(scheme, id);
    }
    const plain = await stage.session('plain-xid');
    await plain.raw('auth with xid 9', { type: Op.auth, body: requests.auth('digest', 'u:p'), xid: 9 });
    await plain.raw('auth with type 5', { type: Op.auth, body: requests.auth('digest', 'u:p', 5), xid: -4 });
    await plain.whoAmI();
  },
};

const lists: Scenario = {
  name: 'access: lists that can be set',
  root: '/lists',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/lists');
    const anonymous: (readonly requests.AclEntry[] | null)[] = [
      null,
      [],
      [auth()],
      [world(0)],
      [world(32)],
      [world(-1)],
      [world(0x7fffffff)],
      [world(1), world(1)],
      [world(1), world(2)],
      [{ perms: 31, scheme: 'world', id: 'someone' }],
      [{ perms: 31, scheme: 'world', id: '' }],
      [{ perms: 31, scheme: 'world', id: null }],
      [{ perms: 31, scheme: null, id: 'anyone' }],
      [{ perms: 31, scheme: '', id: '' }],
      [{ perms: 31, scheme: 'nope', id: 'x' }],
      [{ perms: 31, scheme: 'super', id: '' }],
      [{ perms: 31, scheme: 'sasl', id: 'x' }],
      [{ perms: 31, scheme: 'x509', id: 'x' }],
      [{ perms: 31, scheme: 'digest', id: 'nocolon' }],
      [{ perms: 31, scheme: 'digest', id: 'a:b' }],
      [{ perms: 31, scheme: 'digest', id: 'a:b:c' }],
      [{ perms: 31, scheme: 'digest', id: ':' }],
      [{ perms: 31, scheme: 'digest', id: 'a:' }],
      [{ perms: 31, scheme: 'digest', id: ':b' }],
      [{ perms: 31, scheme: 'digest', id: '' }],
      [{ perms: 31, scheme: 'digest', id: null }],
      [{ perms: 31, scheme: 'auth', id: 'whatever' }],
      [{ perms: 31, scheme: 'auth', id: null }],
      [ip('127.0.0.1')],
      [ip('127.0.0.1/8')],
      [ip('127.0.0.1/0')],
      [ip('127.0.0.1/32')],
      [ip('127.0.0.1/33')],
      [ip('127.0.0.1/-1')],
      [ip('127.0.0.1/')],
      [ip('127.0.0.1/x')],
      [ip('127.0.0')],
      [ip('127.0.0.256')],
      [ip('127.0.0.01')],
      [ip('127.0.0.+1')],
      [ip('')],
      [ip('::1')],
      [ip('localhost')],
      [world(31), { perms: 31, scheme: 'nope', id: 'x' }],
    ];
    for (const [index, list] of anonymous.entries()) await a.create(`/lists/${index}`, { acl: list });
    for (const [index, list] of anonymous.entries()) {
      await a.create(`/lists/set-${index}`);
      await a.setAcl(`/lists/set-${index}`, list);
    }
    await a.create('/lists/0');
    await a.setAcl('/lists/0', [world(31)], 0);
    await a.setAcl('/lists/0', [world(31)], 0);
    await a.setAcl('/lists/0', [world(31)], 5);
    await a.setAcl('/lists/0', [world(31)], -2);
    await a.setAcl('/lists/0', [world(31)]);
    await a.auth('digest', 'alice:secret');
    await a.create('/lists/auth', { acl: [auth()] });
    await a.getAcl('/lists/auth');
    await a.create('/lists/auth-named', { acl: [{ perms: 31, scheme: 'auth', id: 'whatever' }] });
    await a.create('/lists/auth-and-world', { acl: [world(1), auth()] });
    await a.create('/lists/auth-twice', { acl: [auth(1), auth(2), digest('alice', 'secret', 1)] });
    await a.auth('digest', 'bob:other');
    await a.auth('ip', '');
    await a.create('/lists/auth-two-ids', { acl: [auth(5)] });
    await a.create('/lists/auth-ephemeral', { acl: [auth()], flags: Flag.ephemeral });
    await a.setAcl('/lists/0', [auth(31)]);
    await a.multi('with auth expanded', requests.op.create('/lists/multi', { acl: [auth()] }));
  },
};

async function tryEverything(session: Session, path: string): Promise<void> {
  await session.exists(path);
  await session.exists(path, true);
  await session.getData(path);
  await session.getData(path, true);
  await session.getChildren(path);
  await session.getChildren2(path, true);
  await session.getAllChildrenNumber(path);
  await session.getAcl(path);
  await session.sync(path);
  await session.addWatch(path, 0);
  await session.removeWatches(path, 3);
  await session.setData(path, 'x', 99);
  await session.setData(path, 'set');
  await session.check(path, 99);
  await session.setAcl(path, [world(31)], 99);
  await session.create(`${path}/c`);
  await session.create(`${path}/s-`, { flags: Flag.sequential });
  await session.create2(`${path}/c2`);
  await session.createContainer(`${path}/container`);
  await session.delete(`${path}/child`, 99);
  await session.delete(`${path}/none`);
  await session.delete(`${path}/c`);
  await session.multi(
    'in it',
    requests.op.setData(path, 'm'),
    requests.op.create(`${path}/m`),
    requests.op.delete(`${path}/m`),
  );
  await session.multiRead('of it', requests.op.getData(path), requests.op.getChildren(path));
}

const denial: Scenario = {
  name: 'access: each permission alone',
  root: '/deny',
  play: async (stage) => {
    const a = await stage.session('a');
    const guest = await stage.session('guest');
    await a.auth('digest', 'alice:secret');
    await a.create('/deny');
    const permissions = [0, Perm.read, Perm.write, Perm.create, Perm.delete, Perm.admin, Perm.read | Perm.admin];
    for (const perms of permissions) {
      const path = `/deny/${perms}`;
      await a.create(path, { acl: [digest('alice', 'secret'), world(perms)] });
      await a.create(`${path}/child`);
      await tryEverything(guest, path);
    }
    await guest.auth('digest', 'alice:secret');
    await guest.getData('/deny/0');
    await guest.getAcl('/deny/0');
  },
};

const masking: Scenario = {
  name: 'access: what getACL shows',
  root: '/mask',
  play: async (stage) => {
    const a = await stage.session('a');
    const guest = await stage.session('guest');
    await a.auth('digest', 'alice:secret');
    await a.create('/mask', {
      acl: [
        digest('alice', 'secret'),
        digest('bob', 'x', 1),
        ip('10.0.0.0/8', 1),
        { perms: 2, scheme: 'digest', id: 'a:b' },
        world(Perm.read),
      ],
    });
    await a.getAcl('/mask');
    await guest.getAcl('/mask');
    await guest.auth('digest', 'bob:x');
    await guest.getAcl('/mask');
    await a.create('/mask/admin', { acl: [digest('alice', 'secret', Perm.admin)] });
    await a.getAcl('/mask/admin');
    await guest.getAcl('/mask/admin');
    await a.create('/mask/none', { acl: [digest('alice', 'secret', Perm.write)] });
    await a.getAcl('/mask/none');
    await a.getData('/mask/none');
    await a.create('/mask/ip', { acl: [ip('127.0.0.0/8')] });
    await guest.getAcl('/mask/ip');
    await a.create('/mask/other-ip', { acl: [ip('10.0.0.0/8')] });
    await guest.getAcl('/mask/other-ip');
    await guest.getData('/mask/other-ip');
    await a.create('/mask/exact-ip', { acl: [ip('127.0.0.1', Perm.read)] });
    await guest.getData('/mask/exact-ip');
    await a.create('/mask/prefix', { acl: [ip('127.255.255.255/8', Perm.read)] });
    await guest.getData('/mask/prefix');
    await a.create('/mask/prefix12', { acl: [ip('127.16.0.0/12', Perm.read)] });
    await guest.getData('/mask/prefix12');
    await a.create('/mask/prefix0', { acl: [ip('10.0.0.0/0', Perm.read)] });
    await guest.getData('/mask/prefix0');
  },
};

const superuser: Scenario = {
  name: 'access: the superuser',
  root: '/super',
  play: async (stage) => {
    const a = await stage.session('a');
    const root = await stage.session('root');
    await a.create('/super');
    await a.create('/super/closed', { acl: [world(0)], data: 'hidden' });
    await a.getData('/super/closed');
    await a.setAcl('/super/closed', [world(31)]);
    await root.auth('digest', 'super:wrong');
    await root.getData('/super/closed');
    await root.auth('digest', `super:${SUPER_PASSWORD}`);
    await root.getData('/super/closed');
    await root.getAcl('/super/closed');
    await root.create('/super/closed/child', { acl: [auth()] });
    await root.getAcl('/super/closed/child');
    await root.setAcl('/super/closed', [{ perms: 31, scheme: 'nope', id: 'x' }]);
    await root.setAcl('/super/closed', [{ perms: 31, scheme: 'super', id: '' }]);
    await root.delete('/super/closed');
    await root.delete('/super/closed/child');
    await root.delete('/super/closed');
    await root.setData('/zookeeper/config', 'x', 99);
    await root.delete('/zookeeper/config');
    await root.delete('/');
  },
};

const perConnection: Scenario = {
  name: 'access: identities belong to the connection',
  root: '/conn',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.auth('digest', 'alice:secret');
    await a.create('/conn', { acl: [auth()] });
    const again = await stage.session('again', { sessionId: a.id, password: a.password });
    await again.whoAmI();
    await again.getData('/conn');
    await again.auth('digest', 'alice:secret');
    await again.getData('/conn');
  },
};

const events: Scenario = {
  name: 'access: events go to those who may read',
  root: '/events',
  play: async (stage) => {
    const a = await stage.session('a');
    const alice = await stage.session('alice');
    const guest = await stage.session('guest');
    const root = await stage.session('root');
    await a.auth('digest', 'alice:secret');
    await alice.auth('digest', 'alice:secret');
    await root.auth('digest', `super:${SUPER_PASSWORD}`);
    await a.create('/events');
    for (const session of [alice, guest, root]) await session.addWatch('/events', 1);
    const secret = [digest('alice', 'secret')];
    await a.create('/events/secret', { acl: secret });
    await a.setData('/events/secret', 'x');
    await a.create('/events/secret/open');
    await a.setData('/events/secret/open', 'x');
    await a.delete('/events/secret/open');
    await a.setAcl('/events/secret', [digest('alice', 'secret'), world(Perm.read)]);
    await a.setData('/events/secret', 'readable now');
    await a.setAcl('/events/secret', [digest('alice', 'secret'), world(Perm.all & ~Perm.read)]);
    await a.setData('/events/secret', 'not readable');
    await a.delete('/events/secret');
    await a.create('/events/e', { acl: secret, flags: Flag.ephemeral });
    for (const session of [alice, guest, root]) {
      await session.exists('/events/one', true);
      await session.exists('/events/e', true);
      await session.addWatch('/events/children', 0);
    }
    await a.create('/events/one', { acl: secret });
    await guest.checkWatches('/events/one', 2);
    await guest.removeWatches('/events/one', 2);
    await guest.exists('/events/one', true);
    await a.setData('/events/one', 'x');
    await guest.removeWatches('/events/one', 2);
    await a.create('/events/children', { acl: secret });
    await a.create('/events/children/open');
    await a.delete('/events/children/open');
    await a.setData('/events/children', 'x');
    const body = requests.setWatches(stage.naming.startZxid, {
      data: ['/events/one', '/events/none'],
      exist: ['/events/one'],
      child: ['/events/children'],
    });
    await guest.raw('setWatches of unreadable nodes', { type: Op.setWatches, body, xid: -8 });
    await a.multi(
      'in a multi',
      requests.op.setData('/events/one', 'm'),
      requests.op.create('/events/m', { acl: secret }),
    );
    await guest.auth('digest', 'alice:secret');
    await a.setData('/events/one', 'the guest is alice now');
    await a.closeSession();
  },
};

const behindAuth: Scenario = {
  name: 'access: a request right behind the authentication',
  root: '/behind',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.pipeline(
      'auth and create in one write',
      { type: Op.auth, body: requests.auth('digest', 'alice:secret'), xid: -4 },
      { type: Op.create, body: requests.create('/behind', { acl: [auth()] }) },
      { type: Op.getAcl, body: requests.pathOnly('/behind') },
    );
    await a.getData('/behind');
  },
};

/** Scenarios of this file. */
export const accessScenarios: readonly Scenario[] = [
  authentication,
  lists,
  denial,
  masking,
  superuser,
  perConnection,
  events,
  behindAuth,
];
