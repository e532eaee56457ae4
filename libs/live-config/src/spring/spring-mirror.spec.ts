import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@corral/client';
import { ConfigStage } from '../config-stage.fake.js';
import type { ConfigStore } from '../store/config-store.js';
import { SpringMirror } from './spring-mirror.js';

let stage: ConfigStage;
let client: Client;
let store: ConfigStore;
let told: string[];

const dataOf = async (path: string): Promise<string | undefined> =>
  (await stage.run(client.getOrUndefined(path)))?.data.toString();
const mirrorOn = (on: Client): SpringMirror =>
  new SpringMirror(on, stage.store(on), {
    namespace: 'shop',
    clock: stage.clock,
    logger: (level: string, message: string) => void told.push(`${level} ${message}`),
  });

beforeEach(async () => {
  told = [];
  stage = new ConfigStage();
  client = await stage.client();
  store = stage.store(client);
});

describe("Spring's layout kept written", () => {
  it('holds what was released before and what is released after, also of new applications and of the defaults', async () => {
    await stage.publish(store, 'a: 1\n');
    const mirror = mirrorOn(client);
    mirror.start();
    await stage.pass(100);
    expect(await dataOf('/config/cart/a')).toBe('1');
    await stage.publish(store, 'a: 2\n');
    await stage.pass(100);
    expect(await dataOf('/config/cart/a')).toBe('2');
    await stage.publish(store, 'b: 1\n', { scope: { namespace: 'shop', application: 'pay' } });
    await stage.publish(store, 'c: 1\n', { scope: { namespace: 'shop' } });
    await stage.publish(store, 'd: 1\n', { scope: { namespace: 'bank', application: 'vault' } });
    await stage.pass(2000);
    expect(await stage.run(client.children('/config'))).toEqual(['application', 'cart', 'pay']);
    await stage.run(mirror.stop());
    await stage.publish(store, 'a: 3\n');
    await stage.pass(5000);
    expect(await dataOf('/config/cart/a')).toBe('2');
  });

  it('is written by one platform, and by another when that one is gone', async () => {
    const [one, two] = await Promise.all([stage.client(), stage.client()]);
    const first = mirrorOn(one);
    const second = mirrorOn(two);
    first.start();
    await stage.pass(100);
    second.start();
    await stage.publish(store, 'a: 1\n');
    await stage.pass(3000);
    expect([first.isActive, second.isActive, await dataOf('/config/cart/a')]).toEqual([true, false, '1']);
    // Cut off for good: its session expires, and with it its claim.
    stage.ensemble.cut(one);
    await stage.publish(store, 'a: 2\n');
    await stage.pass(20_000);
    expect([second.isActive, await dataOf('/config/cart/a')]).toEqual([true, '2']);
    await stage.run(second.stop());
    const third = mirrorOn(client);
    third.start();
    await stage.pass(1100);
    expect(third.isActive).toBe(true);
  });

  it('waits where something would be lost, says so once, and goes on when that is gone', async () => {
    await stage.run(client.create('/config/cart/by', 'hand', { createParents: true }));
    await stage.publish(store, 'a: 1\n');
    mirrorOn(client).start();
    await stage.pass(60_000);
    expect(await stage.run(client.children('/config/cart'))).toEqual(['by']);
    expect(told).toEqual(["warn a release is not in Spring's layout"]);
    await stage.run(client.delete('/config/cart/by'));
    await stage.pass(12_000);
    expect(await dataOf('/config/cart/a')).toBe('1');
  });

  it('goes on at once when a release takes over what was in the way', async () => {
    await stage.run(client.create('/config/cart/by', 'hand', { createParents: true }));
    await stage.publish(store, 'a: 1\n');
    mirrorOn(client).start();
    await stage.pass(2500);
    await stage.publish(store, 'a: 1\nby: hand\n');
    await stage.pass(100);
    expect(await dataOf('/config/cart/a')).toBe('1');
  });
});
