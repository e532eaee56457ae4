/** Platforms keep a namespace written where programs with Spring Cloud Zookeeper read, and take over what stands there. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCorral } from '../../interop/harness/index.js';
import { HttpApi } from './http-api.js';
import { PlatformProcess } from './platform-process.js';
import { Stage } from './stage.js';

const SPRING = { CORRAL_PLATFORM_SPRING_NAMESPACE: 'shop', CORRAL_PLATFORM_SESSION_TIMEOUT_MS: '4000' };
const LAYOUT = '/v1/config/namespaces/shop/spring';
const WAIT_MS_MAX = 20_000;

describe("Spring Cloud Zookeeper's layout", () => {
  let stage: Stage;
  let writing: PlatformProcess;
  let waiting: PlatformProcess;
  let api: HttpApi;

  beforeAll(async () => {
    stage = new Stage(await startCorral());
    // What an operator has who comes from Spring Cloud Zookeeper.
    const there = { 'application/motd': 'hello', 'cart/server/port': '8080', 'cart,dev/server/port': '1' };
    for (const [path, data] of Object.entries(there)) {
      await stage.client.create(`/config/${path}`, data, { createParents: true });
    }
    writing = await stage.startPlatform(SPRING);
    await writing.untilOutput(/connection to the ensemble: connected/);
    waiting = await stage.startPlatform(SPRING);
    api = new HttpApi(waiting.url);
  }, 60_000);

  afterAll(() => stage?.stop());

  const publish = (application: string, content: string) =>
    api.send('POST', `/v1/config/namespaces/shop/applications/${application}/releases`, {
      changes: [{ name: 'main', format: 'yaml', content }],
    });

  /** Waits until a znode holds a text. */
  async function untilHeld(path: string, text: string | undefined): Promise<void> {
    const signal = AbortSignal.timeout(WAIT_MS_MAX);
    for await (const znode of stage.client.watchData(path, { signal })) {
      if (znode?.data.toString() === text) return;
    }
    throw new Error(`${path} never held ${text}`);
  }

  it('keeps what stands there until it is taken over, and says what is in the way', async () => {
    await publish('cart', 'limit: 5');
    const { body } = await api.get(LAYOUT);
    expect(body).toMatchObject({
      root: '/config',
      applications: [{ application: 'cart', release: 1, contexts: [], pending: 0 }],
    });
    expect(body.applications[0].refused['/config/cart']).toContain('server.port would be deleted');
    expect((await stage.client.get('/config/cart/server/port')).data.toString()).toBe('8080');
  });

  it('takes it over, one release for each application, and writes from then on', async () => {
    const { status, body } = await api.send('POST', `${LAYOUT}/import`, { author: 'ada' });
    expect(status).toBe(200);
    expect(body.applications).toEqual([
      { application: '_defaults', contexts: ['/config/application'], outcome: 'imported', release: 1 },
      { application: 'cart', contexts: ['/config/cart', '/config/cart,dev'], outcome: 'imported', release: 2 },
    ]);
    const dev = await api.get('/v1/config/namespaces/shop/applications/cart/effective?profiles=dev');
    expect(dev.body.values).toEqual({ motd: 'hello', server: { port: '1' }, limit: 5 });
    await untilHeld('/config/cart/limit', '5');
    for (const context of ['/config/cart', '/config/cart,dev']) {
      await untilHeld(context, 'Written by Corral from shop/cart');
    }
    await untilHeld('/config/application', 'Written by Corral from shop');
    const again = await api.send('POST', `${LAYOUT}/import`, {});
    expect(again.body).toMatchObject({ applications: [], skipped: { '/config/cart': 'is written from shop/cart' } });
  });

  it('has every release, of new applications too', async () => {
    await publish('cart', 'limit: 6\nnothing: null');
    await untilHeld('/config/cart/limit', '6');
    await publish('pay', 'currency: EUR');
    await untilHeld('/config/pay/currency', 'EUR');
    const { body } = await api.get(LAYOUT);
    expect(body.applications).toMatchObject([{ pending: 0 }, { pending: 0 }, { pending: 0 }]);
    expect(body.applications[1].skipped).toEqual({
      '/config/cart: nothing': 'null cannot be told from an absent property',
    });
  });

  it('is written by another platform when the one that wrote is killed', async () => {
    await writing.stop('SIGKILL');
    await publish('cart', 'limit: 7');
    await untilHeld('/config/cart/limit', '7');
  });

  it('is for one namespace, and off unless the setting names it', async () => {
    const other = await api.get('/v1/config/namespaces/bank/spring');
    expect(other).toMatchObject({ status: 404, body: { detail: expect.stringContaining('names shop here') } });
    const plain = await stage.startPlatform();
    const off = await new HttpApi(plain.url).send('POST', `${LAYOUT}/import`, {});
    expect(off).toMatchObject({ status: 404, body: { detail: expect.stringContaining('names none here') } });
  });

  it('is refused a root among the znodes of others', async () => {
    const environment = { ...SPRING, CORRAL_PLATFORM_SPRING_ROOT: '/services/config' };
    const { code, output } = await PlatformProcess.run({ commandLine: ['platform'], environment });
    expect(code).toBe(1);
    expect(output).toContain('CORRAL_PLATFORM_SPRING_ROOT: "/services/config" would mix with /services');
  });
});
