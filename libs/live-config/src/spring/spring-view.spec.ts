import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@corral/client';
import { ConfigStage, SCOPE } from '../config-stage.fake.js';
import { KeyRing } from '../encryption/key-ring.js';
import { parseContent } from '../formats/parse.js';
import type { ConfigStore } from '../store/config-store.js';
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
      const seen = parseContent(
        'properties',
        (await stage.run(view.importDocument(SCOPE, undefined, 'x'))).content,
        'x',
      );
      const values = JSON.parse(
        JSON.stringify((await stage.run(store.effective(SCOPE))).values),
        (_key, value: unknown) => (typeof value === 'number' ? String(value) : value),
      ) as unknown;
      expect(seen).toEqual(values);
    }
    expect(await stage.run(client.children('/config/cart'))).toEqual(['a']);
  });

  it('is read by its rules: data ends a path, a znode without data is a folder', async () => {
    await put('/config/cart/server/port', '80');
    await put('/config/cart/top', 'x');
    await put('/config/cart/top/below', 'not seen');
    await put('/config/cart/empty', '');
    const document = await stage.run(view.importDocument(SCOPE, undefined, 'spring'));
    expect(document).toEqual({ name: 'spring', format: 'properties', content: 'server.port=80\ntop=x\n' });
    await expect(stage.run(view.importDocument(SCOPE, 'dev', 'spring'))).rejects.toThrow(
      'there is no property in /config/cart,dev',
    );
  });

  it('leaves out what it cannot hold, and says so', async () => {
    const content = 'a: null\nb: ""\n"c/d": 1\ne: 1\n"e.f": 2\n"..": 3\nok: 1\n';
    await stage.publish(store, content);
    const { skipped } = await stage.run(view.write(SCOPE));
    expect([...skipped.keys()].sort()).toEqual(['..', 'a', 'b', 'c/d', 'e.f'].map((name) => `/config/cart: ${name}`));
    expect(Object.fromEntries(await stage.run(view.read(SCOPE)))).toEqual({ e: '1', ok: '1' });
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
    let writes = 0;
    const mirror = view.mirror(SCOPE, { signal: stop.signal }, () => void (writes += 1));
    await stage.pass(10);
    await stage.publish(store, 'a: 1\n');
    await stage.pass(10);
    expect(await dataOf('/config/cart/a')).toBe('1');
    await stage.publish(store, 'a: 2\n');
    await stage.pass(10);
    expect([await dataOf('/config/cart/a'), writes]).toEqual(['2', 3]);
    stop.abort();
    await stage.run(mirror);
  });
});
