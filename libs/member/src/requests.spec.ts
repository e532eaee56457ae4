import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Acl, CreateFlag, ErrorCode, OpCode, Perms, type Stat } from '@corral/model';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { FakeClient } from './client.fake.js';
import { MemberStage } from './member-stage.fake.js';
import { digestOf } from './requests/auth.js';
import { bytesOf, createOf, deleteOf, readOf, setOf } from './requests.fake.js';

let stage: MemberStage;
let client: FakeClient;

beforeEach(() => {
  stage = new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore());
  client = stage.newSession();
});

type Request = Parameters<FakeClient['ask']>;

const outcome = (...request: Request): number => {
  client.ask(...request);
  stage.settle();
  const replies = client.take();
  expect(replies).toHaveLength(1);
  return replies[0]!.err;
};

const result = <T>(...request: Request): T => {
  client.ask(...request);
  stage.settle();
  return client.takeBody<T>();
};

describe('what reads answer', () => {
  beforeEach(() => {
    client.turn(
      client.frame('create', createOf('/a')),
      client.frame('create', createOf('/a/b')),
      client.frame('create', createOf('/a/e', CreateFlag.ephemeral)),
    );
    stage.settle();
    client.take();
  });

  const reads: readonly (readonly [Request[0], unknown, unknown])[] = [
    ['exists', readOf('/a'), { numChildren: 2, dataLength: 4 }],
    ['getData', readOf('/a/b'), { data: bytesOf('data'), stat: { version: 0 } }],
    ['getChildren', readOf('/a'), ['b', 'e']],
    ['getChildren2', readOf('/a'), { children: ['b', 'e'], stat: { cversion: 2 } }],
    ['getAcl', { path: '/a' }, { acl: [{ perms: Perms.all, scheme: 'world', id: 'anyone' }], stat: { aversion: 0 } }],
    ['getAllChildrenNumber', { path: '/a' }, 2],
    ['getEphemerals', { path: '/' }, ['/a/e']],
    ['getEphemerals', { path: null }, ['/a/e']],
    ['getEphemerals', { path: '/b' }, []],
    ['whoAmI', undefined, [{ authScheme: 'ip', user: '127.0.0.1' }]],
    ['sync', { path: '/no/such' }, '/no/such'],
    ['sasl', bytesOf(''), null],
  ];

  it.each(reads)('%s of %j answers %j', (operation, body, expected) => {
    const answered = result<unknown>(operation, body);
    if (Array.isArray(answered)) expect(answered.sort()).toEqual(expected);
    else if (typeof answered === 'object' && answered !== null) expect(answered).toMatchObject(expected as object);
    else expect(answered).toEqual(expected);
  });

  it.each(['getData', 'getChildren', 'getChildren2', 'exists'] as const)('%s of nothing says so', (operation) => {
    expect(outcome(operation, readOf('/missing'))).toBe(ErrorCode.noNode);
  });

  it.each(['getAcl', 'getAllChildrenNumber'] as const)('%s of nothing says so', (operation) => {
    expect(outcome(operation, { path: '/missing' })).toBe(ErrorCode.noNode);
  });

  it('multiRead answers each read by itself', () => {
    const operations = [
      { type: OpCode.getData, ...readOf('/a/b') },
      { type: OpCode.getChildren, ...readOf('/missing') },
      { type: OpCode.getChildren, ...readOf('/a/b') },
    ];
    expect(result('multiRead', operations)).toMatchObject([
      { type: OpCode.getData, data: bytesOf('data') },
      { type: OpCode.error, code: ErrorCode.noNode },
      { type: OpCode.getChildren, children: [] },
    ]);
  });

  it('multiRead leaves no watches, as in ZooKeeper', () => {
    result('multiRead', [{ type: OpCode.getData, ...readOf('/a/b', true) }]);
    expect(stage.member.status.status().watchCount).toBe(0);
  });

  it('the empty path is another name of the root', () => {
    expect(result<string[]>('getChildren', readOf('')).sort()).toEqual(['a', 'zookeeper']);
  });
});

describe('what writes answer', () => {
  it.each([
    ['create', createOf('/x'), '/x'],
    ['create', createOf('/s-', CreateFlag.persistentSequential), '/s-0000000000'],
    ['create2', createOf('/x'), { path: '/x', stat: { version: 0, numChildren: 0 } }],
    ['createContainer', createOf('/x', CreateFlag.container), { path: '/x', stat: { ephemeralOwner: 0n } }],
    [
      'createTtl',
      { ...createOf('/x', CreateFlag.persistentWithTtl), ttlMs: 5 },
      { path: '/x', stat: { ephemeralOwner: 0n } },
    ],
    ['setData', setOf('/', 'root'), { version: 1, dataLength: 4 }],
    ['setAcl', { path: '/zookeeper', acl: [{ perms: 1, scheme: 'world', id: 'anyone' }], version: 0 }, { aversion: 1 }],
    ['check', { path: '/', version: 0 }, undefined],
    ['multi', [], []],
  ] as const)('%s %j', (operation, body, expected) => {
    const answered = result<unknown>(operation, body);
    if (typeof answered === 'object') expect(answered).toMatchObject(expected as object);
    else expect(answered).toEqual(expected);
  });

  it.each([
    ['create', createOf('/x/y'), ErrorCode.noNode],
    ['create', createOf('/'), ErrorCode.nodeExists],
    ['create', createOf('x'), ErrorCode.badArguments],
    ['create', createOf('/x', 9), ErrorCode.badArguments],
    ['create', createOf(null), ErrorCode.marshallingError],
    ['create', createOf('/x', 0, []), ErrorCode.invalidAcl],
    ['createTtl', { ...createOf('/x'), ttlMs: -1 }, ErrorCode.badArguments],
    ['delete', deleteOf('/x'), ErrorCode.noNode],
    ['delete', deleteOf('/zookeeper'), ErrorCode.badArguments],
    ['setData', setOf('/', 'x', 7), ErrorCode.badVersion],
    ['setAcl', { path: '/', acl: null, version: -1 }, ErrorCode.invalidAcl],
    ['check', { path: '/', version: 7 }, ErrorCode.badVersion],
    ['deleteContainer', { path: '/x' }, ErrorCode.badArguments],
    [
      'reconfig',
      { joiningServers: 'server.2=a', leavingServers: null, newMembers: null, curConfigId: -1n },
      ErrorCode.reconfigDisabled,
    ],
  ] as const)('%s %j is refused', (operation, body, code) => {
    expect(outcome(operation, body)).toBe(code);
    client.ask('ping');
    expect(client.heard()).toEqual(['-2 ok']);
  });

  it('of a check by itself is no transaction', () => {
    const before = stage.log.lastZxid;
    expect(outcome('check', { path: '/', version: 0 })).toBe(ErrorCode.ok);
    expect(stage.log.lastZxid).toBe(before);
  });

  it('of a failed multi: ok before the one that was refused, its error, an inconsistency after it, and nothing done', () => {
    const operations = [
      { type: OpCode.create, ...createOf('/m') },
      { type: OpCode.delete, ...deleteOf('/missing') },
      { type: OpCode.setData, ...setOf('/m', 'x') },
    ];
    expect(result<{ code: number }[]>('multi', operations).map(({ code }) => code)).toEqual([0, -101, -2]);
    expect(outcome('exists', readOf('/m'))).toBe(ErrorCode.noNode);
  });

  it('of a multi: one result for each operation, as the operation left the znode', () => {
    const operations = [
      { type: OpCode.create, ...createOf('/m') },
      { type: OpCode.setData, ...setOf('/m', 'once') },
      { type: OpCode.setData, ...setOf('/m', 'more') },
      { type: OpCode.check, path: '/m', version: 2 },
      { type: OpCode.create, ...createOf('/m/c') },
      { type: OpCode.delete, ...deleteOf('/m/c') },
    ];
    const results = result<{ type: number; path?: string; stat?: Stat }[]>('multi', operations);
    expect(results.map(({ type, path, stat }) => [type, path ?? stat?.version])).toEqual([
      [OpCode.create, '/m'],
      [OpCode.setData, 1],
      [OpCode.setData, 2],
      [OpCode.check, undefined],
      [OpCode.create, '/m/c'],
      [OpCode.delete, undefined],
    ]);
  });
});

describe('what cannot be understood', () => {
  const withBodies = [
    ['create', OpCode.create],
    ['create2', OpCode.create2],
    ['createContainer', OpCode.createContainer],
    ['createTtl', OpCode.createTtl],
    ['delete', OpCode.delete],
    ['exists', OpCode.exists],
    ['getData', OpCode.getData],
    ['setData', OpCode.setData],
    ['getAcl', OpCode.getAcl],
    ['setAcl', OpCode.setAcl],
    ['getChildren', OpCode.getChildren],
    ['getChildren2', OpCode.getChildren2],
    ['sync', OpCode.sync],
    ['check', OpCode.check],
    ['multi', OpCode.multi],
    ['multiRead', OpCode.multiRead],
    ['reconfig', OpCode.reconfig],
    ['checkWatches', OpCode.checkWatches],
    ['removeWatches', OpCode.removeWatches],
    ['setWatches', OpCode.setWatches],
    ['setWatches2', OpCode.setWatches2],
    ['addWatch', OpCode.addWatch],
    ['getEphemerals', OpCode.getEphemerals],
    ['getAllChildrenNumber', OpCode.getAllChildrenNumber],
  ] as const;

  it.each(withBodies)(
    '%s without a body is answered with a marshalling error, and the connection goes on',
    (_name, type) => {
      client.turn(client.rawFrame(7, type));
      stage.settle();
      client.ask('ping');
      expect(client.heard()).toEqual(['7 marshallingError', '-2 ok']);
    },
  );

  it.each(withBodies)('%s with a length beyond the frame likewise', (_name, type) => {
    client.turn(
      client.rawFrame(7, type, (writer) => {
        writer.writeInt(0x7fff_ffff);
      }),
    );
    stage.settle();
    client.ask('ping');
    expect(client.heard()).toEqual(['7 marshallingError', '-2 ok']);
  });

  it.each([0, 10, 23, 99, 108, 1000, -1, -2, -3, -10, -0x8000_0000])(
    'type %i is answered as unimplemented with no zxid, and ends the connection but not the session',
    (type) => {
      client.turn(client.rawFrame(7, type));
      expect(client.take()).toEqual([{ xid: 7, zxid: -1, err: ErrorCode.unimplemented, body: undefined }]);
      expect(client.closed).toBe(true);
      expect(stage.member.status.status().sessionCount).toBe(1);
    },
  );

  it.each([0, 4, 7])('a frame of %i bytes ends the connection', (sizeBytes) => {
    client.turn(Buffer.alloc(sizeBytes));
    expect(client.violation).toBeDefined();
    expect(client.heard()).toEqual([]);
  });

  it('what stands behind a whole record is ignored', () => {
    client.turn(
      client.rawFrame(7, OpCode.exists, (writer) => {
        writer.writeString('/');
        writer.writeBool(false);
        writer.writeString('and more');
      }),
    );
    expect(client.heard()).toEqual(['7 ok']);
  });

  it('any xid comes back as it was sent, save that of a ping', () => {
    client.turn(client.rawFrame(-1, OpCode.ping), client.rawFrame(5, OpCode.ping));
    client.turn(client.rawFrame(0x7fff_ffff, OpCode.whoAmI), client.rawFrame(-0x8000_0000, OpCode.whoAmI));
    expect(client.take().map(({ xid }) => xid)).toEqual([-2, -2, 0x7fff_ffff, -0x8000_0000]);
  });
});

describe('auth', () => {
  const auth = (scheme: string | null, text: string | null): Buffer =>
    client.frame('auth', { type: 0, scheme, auth: text === null ? null : bytesOf(text) }, -4);

  it.each([
    ['digest', 'user:secret'],
    ['digest', 'user'],
    ['digest', ''],
    ['ip', 'anything'],
  ])('takes %s with %j, at once and with zxid 0', (scheme, text) => {
    client.ask('create', createOf('/a'));
    client.turn(auth(scheme, text));
    expect(client.take()).toEqual([{ xid: -4, zxid: 0, err: 0, body: undefined }]);
    expect(client.closed).toBe(false);
  });

  it.each([
    ['digest', null],
    ['world', 'anyone'],
    ['super', 'super:x'],
    ['sasl', 'x'],
    ['x509', 'x'],
    ['no-such', 'x'],
    [null, 'x'],
  ])('refuses %s with %j and ends the connection but not the session', (scheme, text) => {
    client.turn(auth(scheme, text));
    expect(client.heard()).toEqual(['-4 authFailed']);
    expect(client.closed).toBe(true);
    const { authFailures, sessionCount } = stage.member.status.status();
    expect([authFailures, sessionCount]).toEqual([1, 1]);
  });

  it('that cannot be understood ends the connection without an answer', () => {
    client.turn(client.rawFrame(-4, OpCode.auth));
    expect(client.violation).toBeDefined();
    expect(client.heard()).toEqual([]);
  });

  it('is proof of a digest: ZooKeeper’s own example', () => {
    expect(digestOf('super:admin')).toBe('super:xQJmxLMiHGwaqBvst5y6rkB6HQs=');
  });

  it('opens what only its user may read, on this connection alone', () => {
    const acl: Acl[] = [{ perms: Perms.all, scheme: 'auth', id: '' }];
    expect(outcome('create', createOf('/closed', 0, acl))).toBe(ErrorCode.invalidAcl);
    client.turn(auth('digest', 'ann:secret'));
    client.take();
    expect(outcome('create', createOf('/closed', 0, acl))).toBe(ErrorCode.ok);
    expect(outcome('getData', readOf('/closed'))).toBe(ErrorCode.ok);
    const other = stage.newSession();
    other.ask('getData', readOf('/closed'));
    other.ask('getAcl', { path: '/closed' });
    other.ask('getChildren', readOf('/closed'));
    other.ask('getAllChildrenNumber', { path: '/closed' });
    other.ask('exists', readOf('/closed'));
    expect(other.heard()).toEqual(['1 noAuth', '2 noAuth', '3 noAuth', '4 noAuth', '5 ok']);
  });

  it('shows the hashes of digests only to who may administer the znode', () => {
    const ann = digestOf('ann:secret');
    const acl: Acl[] = [
      { perms: Perms.read, scheme: 'world', id: 'anyone' },
      { perms: Perms.admin, scheme: 'digest', id: ann },
    ];
    expect(outcome('create', createOf('/a', 0, acl))).toBe(ErrorCode.ok);
    expect(result<{ acl: Acl[] }>('getAcl', { path: '/a' }).acl[1]!.id).toBe('ann:x');
    client.turn(auth('digest', 'ann:secret'));
    client.take();
    expect(result<{ acl: Acl[] }>('getAcl', { path: '/a' }).acl[1]!.id).toBe(ann);
  });

  it('makes a superuser of who knows the configured digest', () => {
    stage = new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore(), {
      superDigest: digestOf('super:admin'),
    });
    client = stage.newSession();
    expect(outcome('create', createOf('/closed', 0, [{ perms: 0, scheme: 'world', id: 'anyone' }]))).toBe(ErrorCode.ok);
    expect(outcome('getData', readOf('/closed'))).toBe(ErrorCode.noAuth);
    client.turn(auth('digest', 'super:admin'));
    client.take();
    expect(outcome('getData', readOf('/closed'))).toBe(ErrorCode.ok);
    expect(outcome('delete', deleteOf('/zookeeper'))).toBe(ErrorCode.badArguments);
  });

  it('matters to nobody when ACLs are switched off', () => {
    stage = new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore(), { skipAcl: true });
    client = stage.newSession();
    expect(outcome('create', createOf('/closed', 0, [{ perms: 0, scheme: 'world', id: 'anyone' }]))).toBe(ErrorCode.ok);
    expect(outcome('getData', readOf('/closed'))).toBe(ErrorCode.ok);
  });

  it('by address holds for the address of the connection', () => {
    expect(outcome('create', createOf('/lan', 0, [{ perms: Perms.all, scheme: 'ip', id: '10.1.0.0/16' }]))).toBe(0);
    const inside = stage.newSession({}, '10.1.2.3');
    const outside = stage.newSession({}, '10.2.2.3');
    inside.ask('getData', readOf('/lan'));
    outside.ask('getData', readOf('/lan'));
    expect([inside.heard(), outside.heard()]).toEqual([['1 ok'], ['1 noAuth']]);
  });

  it('proves only so many identities', () => {
    client.turn(...Array.from({ length: 1000 }, (_, at) => auth('digest', `user-${String(at)}:x`)));
    expect(client.closed).toBe(true);
    expect(client.heard().at(-1)).toBe('-4 authFailed');
  });
});

describe('sasl', () => {
  it('without a token ends the connection', () => {
    client.ask('sasl', null);
    expect(client.violation).toBeDefined();
    expect(client.heard()).toEqual([]);
  });
});

describe('sync', () => {
  it('is answered when all that anybody had proposed before is applied', () => {
    const other = stage.newSession();
    other.ask('create', createOf('/a'));
    stage.endTurn();
    client.turn(client.frame('sync', { path: '/a' }), client.frame('exists', readOf('/a')));
    expect(client.heard()).toEqual([]);
    stage.settle();
    expect(client.heard()).toEqual(['1 ok', '2 ok']);
  });

  it('waits for nothing when nothing is under way', () => {
    client.ask('sync', { path: '/' });
    expect(client.heard()).toEqual(['1 ok']);
  });
});
