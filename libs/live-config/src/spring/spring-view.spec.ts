import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@corral/client';
import { ConfigStage, intercept, SCOPE } from '../config-stage.fake.js';
import { KeyRing } from '../encryption/key-ring.js';
import { parseContent } from '../formats/parse.js';
import type { ConfigStore } from '../store/config-store.js';
import { propertiesText } from './properties-view.js';
import { SpringView } from './spring-view.js';

let stage: ConfigStage;
let client: Client;
let store: ConfigStore;
let view: SpringView;

beforeEach(async () => {
  stage = new ConfigStage();
  client = await stage.client();
  store = stage.store(client);
  view = new SpringView(client, store);
});

const yaml = (content: string, profile?: string) =>
  ({ name: 'main', format: 'yaml', content, ...(profile === undefined ? {} : { profile }) }) as const;
const dataOf = async (path: string): Promise<string | undefined> =>
  (await stage.run(client.getOrUndefined(path)))?.data.toString();
const put = async (path: string, data: string): Promise<void> => {
  await stage.run(client.create(path, data, { createParents: true }));
};

describe("Spring Cloud Zookeeper's layout", () => {
  it('names its contexts from the weakest to the strongest as Spring does', () => {
    expect(view.contextsOf({ ...SCOPE, profiles: ['dev', 'eu'] })).toEqual([
      '/config/application',
      '/config/application,dev',
      '/config/application,eu',
      '/config/cart',
      '/config/cart,dev',
      '/config/cart,eu',
    ]);
  });

  it('is written from documents: a znode for each property, a context for each profile', async () => {
    const changes = [yaml('server: {port: 8080, hosts: [a, b]}\nflag: true\n'), yaml('server: {port: 1}\n', 'dev')];
    await stage.run(store.publish({ scope: SCOPE, changes }));
    await stage.run(store.publish({ scope: { namespace: 'shop' }, changes: [yaml('motd: hello\n')] }));
    await stage.run(view.write({ namespace: 'shop' }));
    const { contexts } = await stage.run(view.write(SCOPE));
    expect(contexts).toEqual(['/config/cart', '/config/cart,dev']);
    expect(await dataOf('/config/cart/server/port')).toBe('8080');
    expect(await dataOf('/config/cart/server/hosts[1]')).toBe('b');
    expect(await dataOf('/config/cart/server')).toBe('');
    expect(await dataOf('/config/cart,dev/server/port')).toBe('1');
    const seen = await stage.run(view.read({ ...SCOPE, profiles: ['dev'] }));
    expect(Object.fromEntries(seen)).toEqual({
      motd: 'hello',
      'server.port': '1',
      'server.hosts[0]': 'a',
      'server.hosts[1]': 'b',
      flag: 'true',
    });
  });

  it('is brought up to date by the next write: changed, emptied, and turned from a value into a folder and back', async () => {
    for (const content of ['a: 1\nb: {c: 1, d: 2}\n', 'a: {x: 1}\nb: 3\n', 'a: 2\n']) {
      await stage.publish(store, content);
      await stage.run(view.write(SCOPE));
      const seen = parseContent('properties', propertiesText(await stage.run(view.read(SCOPE))), 'x');
      const values = JSON.parse(
        JSON.stringify((await stage.run(store.effective(SCOPE))).values),
        (_key, value: unknown) => (typeof value === 'number' ? String(value) : value),
      ) as unknown;
      expect(seen).toEqual(values);
    }
    expect(await stage.run(client.children('/config/cart'))).toEqual(['a']);
  });

  it('is read by its rules: data is a property, also above others; nothing is one where nothing is below', async () => {
    await put('/config/cart/server/port', '80');
    await put('/config/cart/top', 'x');
    await put('/config/cart/top/below', 'y');
    await put('/config/cart/empty', '');
    expect(Object.fromEntries(await stage.run(view.read(SCOPE)))).toEqual({
      'server.port': '80',
      top: 'x',
      'top.below': 'y',
      empty: '',
    });
  });

  it('leaves out what it cannot hold, and says so', async () => {
    const content = 'a: null\nb: ""\n"c/d": 1\ne: 1\n"e.f": 2\ng: ""\n"g.h": 3\n"..": 3\nok: 1\n';
    await stage.publish(store, content);
    const { skipped } = await stage.run(view.write(SCOPE));
    expect([...skipped.keys()].sort()).toEqual(['..', 'a', 'c/d', 'g'].map((name) => `/config/cart: ${name}`));
    expect(Object.fromEntries(await stage.run(view.read(SCOPE)))).toEqual({
      b: '',
      e: '1',
      'e.f': '2',
      'g.h': '3',
      ok: '1',
    });
  });

  it('loses nothing that was put there by others, and says what is in the way', async () => {
    await put('/config/cart/server/port', '80');
    await put('/config/cart/motd', 'hello');
    await stage.publish(store, 'server: {port: 80}\n');
    const { refused, contexts, changes } = await stage.run(view.write(SCOPE));
    expect(Object.fromEntries(refused)).toEqual({
      '/config/cart': 'motd would be deleted: import the context first, or delete it',
    });
    expect([contexts, changes]).toEqual([[], 0]);
    expect(await dataOf('/config/cart/motd')).toBe('hello');
    // Now everything that is there is in the documents too, so that nothing is lost.
    await stage.publish(store, 'server: {port: 80}\nmotd: hello\n');
    expect(await stage.run(view.write(SCOPE))).toMatchObject({ contexts: ['/config/cart'], refused: new Map() });
    await stage.publish(store, 'server: {port: 81}\n');
    await stage.run(view.write(SCOPE));
    expect(Object.fromEntries(await stage.run(view.read(SCOPE)))).toEqual({ 'server.port': '81' });
  });

  it('is left alone where there are no documents, and where another namespace writes', async () => {
    await put('/config/cart,dev/by', 'hand');
    await stage.publish(store, 'a: 1\n');
    await stage.run(view.write(SCOPE));
    expect(await dataOf('/config/cart,dev/by')).toBe('hand');
    expect(await dataOf('/config/cart')).toBe('Written by Corral from shop/cart');
    const scope = { namespace: 'bank', application: 'cart' };
    await stage.run(store.publish({ scope, changes: [yaml('a: 2\n')] }));
    const { refused } = await stage.run(view.write(scope));
    expect(Object.fromEntries(refused)).toEqual({ '/config/cart': 'is written from shop/cart' });
    expect(await dataOf('/config/cart/a')).toBe('1');
  });

  it('is shown before it is written', async () => {
    await stage.publish(store, 'a: {b: 1}\n');
    const { changes, contexts } = await stage.run(view.write(SCOPE, { dryRun: true }));
    expect([changes, contexts]).toEqual([3, ['/config/cart']]);
    expect(await dataOf('/config/cart')).toBeUndefined();
  });

  it('never goes back: a write that was overtaken by a release changes nothing', async () => {
    await stage.publish(store, 'a: 1\n');
    // The next release comes between the reading and the writing of the view.
    const overtaken = intercept(client, 'multi', async (call) => {
      await store.publish({ scope: SCOPE, changes: [yaml('a: 2\n')] });
      return call();
    });
    await expect(stage.run(new SpringView(overtaken, store).write(SCOPE))).rejects.toThrow('another version');
    expect(await dataOf('/config/cart/a')).toBeUndefined();
  });

  it('has no context for an application that is called as what all share', async () => {
    const scope = { namespace: 'shop', application: 'application' };
    await stage.run(store.publish({ scope, changes: [yaml('a: 1\n')] }));
    const { refused } = await stage.run(view.write(scope));
    expect(refused.get('/config/application')).toContain('no application can be called so');
  });

  it('has no encrypted value in it, unless it is asked for in the clear', async () => {
    const keys = new KeyRing([{ id: 'k', key: randomBytes(32) }]);
    const sealing = stage.store(client, { keys });
    await stage.publish(sealing, 'p: "{encrypt}s3cret"\nq: 1\n');
    const sealed = new SpringView(client, sealing);
    expect([...(await stage.run(sealed.write(SCOPE))).skipped.keys()]).toEqual(['/config/cart: p']);
    expect(await dataOf('/config/cart/p')).toBeUndefined();
    await stage.run(sealed.write(SCOPE, { decrypt: true }));
    expect(await dataOf('/config/cart/p')).toBe('s3cret');
  });

  it('is mirrored release by release until told to stop', async () => {
    const stop = new AbortController();
    const written: number[] = [];
    const mirror = (async () => {
      for await (const { release } of view.mirror(SCOPE, { signal: stop.signal })) written.push(release);
    })();
    await stage.pass(10);
    await stage.publish(store, 'a: 1\n');
    await stage.pass(10);
    expect(await dataOf('/config/cart/a')).toBe('1');
    await stage.publish(store, 'a: 2\n');
    await stage.pass(10);
    expect([await dataOf('/config/cart/a'), written]).toEqual(['2', [0, 1, 2]]);
    stop.abort();
    await stage.run(mirror);
  });
});
