import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@corral/client';
import { ConfigStage, SCOPE } from '../config-stage.fake.js';
import type { ConfigStore } from '../store/config-store.js';
import { SpringImport } from './spring-import.js';
import { SpringView } from './spring-view.js';

let stage: ConfigStage;
let client: Client;
let store: ConfigStore;
let springImport: SpringImport;

const DEFAULTS = { namespace: 'shop' };
const put = async (path: string, data: string): Promise<void> => {
  await stage.run(client.create(path, data, { createParents: true }));
};

beforeEach(async () => {
  stage = new ConfigStage();
  client = await stage.client();
  store = stage.store(client);
  springImport = new SpringImport(client, store);
  await put('/config/application/motd', 'hello');
  await put('/config/cart/server/port', '8080');
  await put('/config/cart/hosts[0]', 'a b');
  await put('/config/cart,dev/server/port', '1');
});

describe("taking over what stands in Spring's layout", () => {
  it('makes a document of each context and one release of each application', async () => {
    const { applications, skipped } = await stage.run(springImport.run('shop', { author: 'ann' }));
    expect(applications).toEqual([
      { scope: DEFAULTS, contexts: ['/config/application'], outcome: 'imported', release: 1 },
      { scope: SCOPE, contexts: ['/config/cart', '/config/cart,dev'], outcome: 'imported', release: 1 },
    ]);
    expect(skipped.size).toBe(0);
    const seen = await stage.run(store.effective({ ...SCOPE, profiles: ['dev'] }));
    expect(seen.values).toEqual({ motd: 'hello', server: { port: '1' }, hosts: ['a b'] });
    expect(await stage.run(store.history(SCOPE))).toMatchObject([
      { author: 'ann', comment: 'from /config of Spring Cloud Zookeeper' },
    ]);
  });

  it('changes nothing a second time, and takes over what has changed since', async () => {
    await stage.run(springImport.run('shop'));
    const outcomes = async (): Promise<string[]> =>
      (await stage.run(springImport.run('shop'))).applications.map(({ outcome }) => outcome);
    expect(await outcomes()).toEqual(['unchanged', 'unchanged']);
    await stage.run(client.set('/config/cart/server/port', '9090'));
    expect(await outcomes()).toEqual(['unchanged', 'imported']);
  });

  it('leaves the view nothing in its way', async () => {
    await stage.run(springImport.run('shop'));
    const view = new SpringView(client, store);
    for (const scope of [DEFAULTS, SCOPE]) expect((await stage.run(view.write(scope))).refused.size).toBe(0);
    const { applications, skipped } = await stage.run(springImport.run('shop'));
    expect(applications).toEqual([]);
    expect(skipped.get('/config/cart,dev')).toBe('is written from shop/cart');
  });

  it('takes the others when one cannot be taken', async () => {
    await put('/config/odd/a', '1');
    await put('/config/odd/a/b', '2');
    await put('/config/_odd/a', '1');
    await put('/config/odd,x y/a', '1');
    const { applications, skipped } = await stage.run(springImport.run('shop'));
    expect(applications.map(({ outcome }) => outcome)).toEqual(['imported', 'imported', 'failed']);
    expect(applications[2]).toMatchObject({
      scope: { application: 'odd' },
      reason: expect.stringContaining('a.b: has a value above it, at a') as unknown,
    });
    expect([...skipped.keys()]).toEqual(['/config/_odd', '/config/odd,x y']);
  });

  it('takes only what it is asked for, under the name that it is given', async () => {
    const options = { scopes: [SCOPE], document: 'legacy' };
    expect((await stage.run(springImport.run('shop', options))).applications).toHaveLength(1);
    const documents = await stage.run(store.listDocuments(SCOPE));
    expect(documents.map(({ name, profile }) => [name, profile])).toEqual([
      ['legacy', 'dev'],
      ['legacy', undefined],
    ]);
  });
});
