import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@corral/client';
import { ConfigStage, SCOPE } from '../config-stage.fake.js';
import { KeyRing } from '../encryption/key-ring.js';
import { ConflictError, NotFoundError, ParseError, ValidationError } from '../errors.js';
import type { ConfigStore } from './config-store.js';

let stage: ConfigStage;
let client: Client;
let store: ConfigStore;

beforeEach(async () => {
  stage = new ConfigStage();
  client = await stage.client();
  store = stage.store(client);
});

const yaml = (name: string, content: string, profile?: string) =>
  ({ name, format: 'yaml', content, ...(profile === undefined ? {} : { profile }) }) as const;
const everything = async (): Promise<string[]> => {
  const found: string[] = [];
  const walk = async (path: string): Promise<void> => {
    const znode = await stage.run(client.get(path));
    found.push(`${path}@${znode.stat.version}`);
    for (const child of await stage.run(client.children(path))) await walk(`${path}/${child}`);
  };
  if ((await stage.run(client.exists('/corral'))) !== undefined) await walk('/corral');
  return found;
};

describe('a release', () => {
  it('holds all its documents, its author, its time and its comment', async () => {
    const changes = [
      yaml('main', 'a: 1\n'),
      yaml('main', 'a: 2\n', 'dev'),
      { name: 'motd', format: 'text', content: 'hello' } as const,
    ];
    const { release } = await stage.run(store.publish({ scope: SCOPE, changes, author: 'ann', comment: 'first' }));
    expect(release).toMatchObject({
      release: 1,
      parent: 0,
      author: 'ann',
      comment: 'first',
      createdAtMs: stage.clock.nowMs(),
    });
    expect(release.changes.map(({ profile, name, kind }) => [profile, name, kind])).toEqual([
      ['dev', 'main', 'added'],
      [undefined, 'main', 'added'],
      [undefined, 'motd', 'added'],
    ]);
    expect(await stage.run(store.getDocument(SCOPE, { profile: 'dev', name: 'main' }))).toMatchObject({
      content: 'a: 2\n',
    });
    expect(await stage.run(store.status(SCOPE))).toMatchObject({ release: 1, lastRelease: 1 });
  });

  it('is laid over the defaults of the namespace, profile over profile', async () => {
    const defaults = [yaml('base', 'a: 1\nb: {x: 1, y: 1}\n'), yaml('base', 'a: 2\n', 'eu')];
    await stage.run(store.publish({ scope: { namespace: 'shop' }, changes: defaults }));
    const own = [yaml('main', 'b: {y: 3}\n'), yaml('main', 'c: dev\n', 'dev'), yaml('main', 'c: eu\n', 'eu')];
    await stage.run(store.publish({ scope: SCOPE, changes: own }));
    const values = async (profiles: string[]): Promise<unknown> =>
      (await stage.run(store.effective({ ...SCOPE, profiles }))).values;
    expect(await values([])).toEqual({ a: 1, b: { x: 1, y: 3 } });
    expect(await values(['dev', 'eu'])).toEqual({ a: 2, b: { x: 1, y: 3 }, c: 'eu' });
    expect(await values(['eu', 'dev'])).toEqual({ a: 2, b: { x: 1, y: 3 }, c: 'dev' });
    expect(await stage.run(store.effective(SCOPE))).toMatchObject({ release: 1, defaultsRelease: 1 });
  });

  it('may be far larger than a znode', async () => {
    const content = randomBytes(1_500_000).toString('base64');
    await stage.run(store.publish({ scope: SCOPE, changes: [{ name: 'big', format: 'text', content }] }));
    const other = stage.store(await stage.client());
    expect((await stage.run(other.getDocument(SCOPE, { name: 'big' }))).content).toBe(content);
  });

  it('keeps what it does not change, and can take documents away', async () => {
    await stage.run(store.publish({ scope: SCOPE, changes: [yaml('one', 'a: 1\n'), yaml('two', 'b: 1\n')] }));
    await stage.run(store.publish({ scope: SCOPE, changes: [{ name: 'one', delete: true }, yaml('three', 'c: 1\n')] }));
    expect((await stage.run(store.listDocuments(SCOPE))).map(({ name }) => name)).toEqual(['three', 'two']);
    await expect(stage.run(store.getDocument(SCOPE, { name: 'one' }))).rejects.toThrow(
      'there is no document one in shop/cart',
    );
    expect((await stage.run(store.getDocument(SCOPE, { name: 'one' }, { release: 1 }))).content).toBe('a: 1\n');
  });

  it.each([
    ['a name with a way out', { scope: SCOPE, changes: [yaml('../x', '')] }, 'changes[0].name'],
    ['a NUL in a name', { scope: { namespace: 'a\0b' }, changes: [yaml('x', '')] }, 'namespace'],
    ['an unknown format', { scope: SCOPE, changes: [{ name: 'x', format: 'toml', content: '' }] }, 'changes[0].format'],
    [
      'a content that is no text',
      { scope: SCOPE, changes: [{ name: 'x', format: 'json', content: {} }] },
      'changes[0].content',
    ],
    [
      'a content that is too large',
      { scope: SCOPE, changes: [{ name: 'x', format: 'text', content: 'x'.repeat(8_388_609) }] },
      'size of changes[0].content',
    ],
    ['no change', { scope: SCOPE, changes: [] }, 'changes must hold'],
    ['two changes of one document', { scope: SCOPE, changes: [yaml('x', ''), yaml('x', '')] }, 'changes[1]'],
    [
      'too many changes',
      { scope: SCOPE, changes: Array.from({ length: 201 }, (_, i) => yaml(`d${i}`, '')) },
      'number of changes',
    ],
    ['an author that is no text', { scope: SCOPE, changes: [yaml('x', '')], author: 7 }, 'author must be a string'],
    ['a document that cannot be read', { scope: SCOPE, changes: [yaml('x', 'a: 1\n'), yaml('y', 'a: [\n')] }, 'y:2:1'],
    ['a deletion of nothing', { scope: SCOPE, changes: [{ name: 'x', delete: true }] }, 'no document x to delete'],
    [
      'a marked value without a key',
      { scope: SCOPE, changes: [yaml('x', 'a: "{encrypt}b"\n')] },
      'x has values to encrypt',
    ],
  ])('with %s is refused, and nothing is written', async (_what, request, message) => {
    const before = await everything();
    await expect(stage.run(store.publish(request as never))).rejects.toThrow(message);
    expect(await everything()).toEqual(before);
  });
});

describe('a schema', () => {
  const schema = { type: 'object', required: ['port'], properties: { port: { type: 'integer', maximum: 65535 } } };

  it('keeps out a release that does not satisfy it, for any known combination of profiles', async () => {
    await stage.publish(store, 'port: 80\n');
    await stage.run(store.setSchema(SCOPE, '*', schema));
    expect(await stage.run(store.getSchema(SCOPE, '*'))).toEqual(schema);
    const before = await everything();
    const bad = store.publish({ scope: SCOPE, changes: [yaml('main', 'port: 70000\n', 'prod')] });
    await expect(stage.run(bad)).rejects.toMatchObject({
      issues: [{ document: '*', path: '/port', message: 'must be <= 65535', profiles: ['prod'] }],
    });
    expect(await everything()).toEqual(before);
  });

  it('is checked for the combinations that live subscribers use', async () => {
    await stage.run(
      store.publish({
        scope: SCOPE,
        changes: [yaml('main', 'port: 1\n'), yaml('main', 'a: 1\n', 'x'), yaml('main', 'b: 1\n', 'y')],
      }),
    );
    await stage.run(store.setSchema(SCOPE, '*', { not: { required: ['a', 'b'] } }));
    const reader = stage.subscribe(client, { target: { ...SCOPE, profiles: ['x', 'y'] } });
    await stage.pass(1000);
    await expect(stage.publish(store, 'port: 2\n')).rejects.toMatchObject({ issues: [{ profiles: ['x', 'y'] }] });
    await stage.run(reader.close());
    await stage.publish(store, 'port: 2\n');
  });

  it('must be satisfied by what stands, and can be taken away', async () => {
    await stage.publish(store, 'host: x\n');
    await expect(stage.run(store.setSchema(SCOPE, 'main', schema))).rejects.toThrow(ValidationError);
    await stage.publish(store, 'port: 1\n');
    await stage.run(store.setSchema(SCOPE, 'main', schema));
    await expect(stage.publish(store, 'port: x\n')).rejects.toThrow('main at /port: must be integer');
    await stage.run(store.setSchema(SCOPE, 'main', undefined));
    await expect(stage.run(store.getSchema(SCOPE, 'main'))).rejects.toThrow(NotFoundError);
    await expect(stage.run(store.setSchema(SCOPE, 'constructor', undefined))).rejects.toThrow(NotFoundError);
    await stage.publish(store, 'port: x\n');
  });

  it('of an application keeps out defaults of the namespace that would break it', async () => {
    await stage.publish(store, 'port: 1\n');
    await stage.run(store.setSchema(SCOPE, '*', { ...schema, additionalProperties: false }));
    const defaults = store.publish({ scope: { namespace: 'shop' }, changes: [yaml('base', 'surprise: 1\n')] });
    await expect(stage.run(defaults)).rejects.toThrow('must NOT have additional properties: "surprise"');
  });

  it('sees encrypted values in the clear', async () => {
    const keys = new KeyRing([{ id: 'k', key: randomBytes(32) }]);
    const sealed = stage.store(client, { keys });
    await stage.run(sealed.setSchema(SCOPE, '*', { properties: { password: { minLength: 8 } } }));
    await expect(stage.publish(sealed, 'password: "{encrypt}short"\n')).rejects.toThrow('at /password');
    await stage.publish(sealed, 'password: "{encrypt}long enough"\n');
    expect((await stage.run(sealed.effective(SCOPE, { decrypt: true }))).values).toEqual({ password: 'long enough' });
    expect(JSON.stringify((await stage.run(sealed.effective(SCOPE))).values)).toContain('{aes-gcm:k}');
  });

  it('is not the only judge: validators of the store are asked as well', async () => {
    const strict = stage.store(client, {
      validators: [({ values }) => (values.a === 1 ? [] : [{ path: '/a', message: 'must be 1' }])],
    });
    await expect(stage.publish(strict, 'a: 2\n')).rejects.toThrow('* at /a: must be 1');
    await stage.publish(strict, 'a: 1\n');
  });
});

describe('two writers', () => {
  it('of one document: one wins, the other is told the current release', async () => {
    await stage.publish(store, 'a: 0\n');
    const other = stage.store(await stage.client());
    const request = (content: string) => ({ scope: SCOPE, changes: [yaml('main', content)] });
    const both = [store.publish(request('a: 1\n')), other.publish(request('a: 2\n'))];
    const outcomes = await stage.run(Promise.allSettled(both));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(lost.reason).toBeInstanceOf(ConflictError);
    expect(lost.reason).toMatchObject({ current: 2, documents: ['main'] });
    expect(await stage.run(store.history(SCOPE))).toHaveLength(2);
  });

  it('of different documents both win, one after the other', async () => {
    const other = stage.store(await stage.client());
    const one = store.publish({ scope: SCOPE, changes: [yaml('one', 'a: 1\n')] });
    const two = other.publish({ scope: SCOPE, changes: [yaml('two', 'b: 1\n')] });
    await stage.run(Promise.all([one, two]));
    expect((await stage.run(store.effective(SCOPE))).values).toEqual({ a: 1, b: 1 });
    expect((await stage.run(store.history(SCOPE))).map(({ release }) => release)).toEqual([2, 1]);
  });

  it('who say what they expect are told when it is not so', async () => {
    await stage.publish(store, 'a: 0\n');
    await expect(stage.publish(store, 'a: 1\n', { expectedRelease: 0 })).rejects.toMatchObject({ current: 1 });
    await stage.publish(store, 'a: 1\n', { expectedRelease: 1 });
  });
});

describe('history', () => {
  beforeEach(async () => {
    for (const content of ['a: 1\n', 'a: 2\nb: 1\n', 'a: 3\n']) await stage.publish(store, content);
  });

  it('is read newest first, page by page', async () => {
    const page = async (options: object): Promise<number[]> =>
      (await stage.run(store.history(SCOPE, options))).map(({ release }) => release);
    expect(await page({})).toEqual([3, 2, 1]);
    expect(await page({ limit: 2 })).toEqual([3, 2]);
    expect(await page({ limit: 2, before: 2 })).toEqual([1]);
    await expect(page({ limit: 0 })).rejects.toThrow('limit must be');
  });

  it('tells what differs between any two', async () => {
    const { documents } = await stage.run(store.diff(SCOPE, 1, 2));
    expect(documents[0]?.values).toEqual([
      { path: '/a', kind: 'changed', before: 1, after: 2 },
      { path: '/b', kind: 'added', after: 1 },
    ]);
    expect((await stage.run(store.diff(SCOPE, 0, 3))).documents).toMatchObject([{ name: 'main', kind: 'added' }]);
    await expect(stage.run(store.diff(SCOPE, 1, 9))).rejects.toThrow('there is no release 9 of shop/cart');
  });

  it('can be repeated: a rollback is a release like any other', async () => {
    const { release } = await stage.run(store.rollback(SCOPE, 1, { author: 'ann' }));
    expect(release).toMatchObject({
      release: 4,
      parent: 3,
      rollbackOf: 1,
      author: 'ann',
      comment: 'back to release 1',
    });
    expect((await stage.run(store.effective(SCOPE))).values).toEqual({ a: 1 });
    await stage.run(store.rollback(SCOPE, 0));
    expect((await stage.run(store.effective(SCOPE))).values).toEqual({});
    await expect(stage.run(store.rollback(SCOPE, 77))).rejects.toThrow(NotFoundError);
  });

  it('is kept as long as the retention says, and what nobody needs any more is collected', async () => {
    const short = stage.store(client, { releasesRetained: 2 });
    const hoursLater = { ...stage.clock, nowMs: () => stage.clock.nowMs() + 7_200_000 };
    const later = stage.store(client, { releasesRetained: 2, clock: hoursLater });
    await stage.publish(short, 'a: 4\n');
    expect(await stage.run(short.collect(SCOPE))).toEqual({ releases: 2, contents: 0 });
    expect(await stage.run(short.collect(SCOPE))).toEqual({ releases: 0, contents: 0 });
    expect(await stage.run(later.collect(SCOPE))).toEqual({ releases: 0, contents: 2 });
    expect((await stage.run(short.history(SCOPE))).map(({ release }) => release)).toEqual([4, 3]);
    expect((await stage.run(short.getDocument(SCOPE, { name: 'main' }, { release: 3 }))).content).toBe('a: 3\n');
    await expect(stage.run(short.rollback(SCOPE, 1))).rejects.toThrow(NotFoundError);
  });
});

describe('rotation of keys', () => {
  it('is a release in which nothing changes but the keys', async () => {
    const [old, fresh] = ['old', 'new'].map((id) => ({ id, key: randomBytes(32) }));
    await stage.publish(stage.store(client, { keys: new KeyRing([old!]) }), 'p: "{encrypt}x"\nq: 1\n');
    const rotated = stage.store(client, { keys: new KeyRing([fresh!, old!]) });
    await stage.run(rotated.reencrypt(SCOPE));
    const { content } = await stage.run(rotated.getDocument(SCOPE, { name: 'main' }));
    expect(content).toContain('{aes-gcm:new}');
    const later = stage.store(client, { keys: new KeyRing([fresh!]) });
    expect((await stage.run(later.effective(SCOPE, { decrypt: true }))).values).toEqual({ p: 'x', q: 1 });
  });
});

it('leaves no znode behind in a scope that is not there yet when it refuses', async () => {
  const scope = { namespace: 'new', application: 'app' };
  const labels = Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`l${i}`, Array(100).fill('v'.repeat(128))]));
  const rollout = { stages: [1, 2, 3].map(() => ({ select: { labels }, soakMs: 0 })) };
  const refused = [
    store.publish({ scope, changes: [yaml('main', 'a: 1')], rollout }),
    store.publish({ scope, changes: [yaml('main', 'a: [')] }),
    store.publish({ scope, changes: [{ name: 'main', delete: true }] }),
    store.publish({ scope, changes: [yaml('main', 'a: 1')], expectedRelease: 3 }),
    store.setSchema(scope, 'main', undefined),
    store.rollback(scope, 3),
    store.abort(scope, 'why'),
  ];
  const outcomes = await stage.run(Promise.allSettled(refused));
  const messages = outcomes.map((outcome) => (outcome.status === 'rejected' ? String(outcome.reason) : 'done'));
  expect(messages[0]).toContain('size of rollout in bytes is');
  expect(messages[4]).toContain('there is no schema of main');
  expect(messages).not.toContain('done');
  expect(await stage.run(client.exists('/corral'))).toBeUndefined();
});

it('lists what there is', async () => {
  await stage.publish(store, 'a: 1\n');
  await stage.run(store.publish({ scope: { namespace: 'shop' }, changes: [yaml('base', '')] }));
  await stage.run(store.publish({ scope: { namespace: 'bank', application: 'till' }, changes: [yaml('base', '')] }));
  expect(await stage.run(store.listNamespaces())).toEqual(['bank', 'shop']);
  expect(await stage.run(store.listApplications('shop'))).toEqual(['cart']);
  expect(await stage.run(store.listScopes())).toEqual([
    { namespace: 'bank', application: 'till' },
    { namespace: 'shop' },
    SCOPE,
  ]);
  expect(await stage.run(store.listApplications('nowhere'))).toEqual([]);
  expect(ParseError.name).toBe('ParseError');
});
