import { describe, expect, it } from '@jest/globals';
import type { Client } from '@corral/client';
import { ConfigStage, SCOPE } from '../config-stage.fake.js';
import { InvalidInputError, NotFoundError } from '../errors.js';
import { HostedSubscribers } from './hosted-subscribers.js';

const TARGET = { ...SCOPE, profiles: ['eu'] };
const WHO = { instanceId: 'php-1', labels: { zone: 'eu' } };
const WAIT = { wait: { share: 1, timeoutMs: 1000 } };

async function open() {
  const stage = new ConfigStage();
  const client = await stage.client();
  const store = stage.store(client);
  const hostOn = (on: Client): HostedSubscribers => new HostedSubscribers(on, { clock: stage.clock });
  const publish = (content: string) =>
    store.publish({ scope: SCOPE, changes: [{ name: 'main', format: 'yaml', content }] }, WAIT);
  return { stage, client, store, host: hostOn(client), hostOn, publish };
}

describe('hosted subscribers', () => {
  it('are waited for, with what they acknowledge and what they refuse', async () => {
    const { stage, store, host, publish } = await open();
    await stage.run(host.host(TARGET, WHO));
    const lagging = await stage.runFor(2000, publish('a: 1'));
    expect(lagging.acknowledgement).toMatchObject({ reached: false, lagging: ['php-1'] });
    await stage.run(host.acknowledge(TARGET, 'php-1', { release: 1, defaultsRelease: 0 }));
    expect(await stage.run(store.acknowledgement(SCOPE, 1))).toMatchObject({ acknowledged: 1, reached: true });
    const second = publish('a: 2');
    await stage.pass(50);
    await stage.run(host.acknowledge(TARGET, 'php-1', { release: 2, defaultsRelease: 0, error: 'a is too large' }));
    const { acknowledgement } = await stage.runFor(2000, second);
    expect(acknowledgement).toMatchObject({ failed: [{ instanceId: 'php-1', error: 'a is too large' }] });
    expect(await stage.run(store.subscribers(SCOPE))).toMatchObject([
      { ...WHO, profiles: ['eu'], release: 1, failed: { release: 2 } },
    ]);
  });

  it('are gone when their host lets them go, some after a while', async () => {
    const { stage, store, host } = await open();
    const count = async (): Promise<number> => (await stage.run(store.subscribers(SCOPE))).length;
    const [first, second] = [
      await stage.run(host.host(TARGET, WHO)),
      await stage.run(host.host(TARGET, { ...WHO, instanceId: 'php-2' })),
    ];
    first.end();
    second.end(5000);
    expect(await count()).toBe(1);
    await stage.pass(4000);
    await stage.run(host.acknowledge(TARGET, 'php-2', { release: 0, defaultsRelease: 0 }));
    await stage.pass(4000);
    expect(await count()).toBe(1);
    await stage.pass(1500);
    expect(await count()).toBe(0);
  });

  it('go over to another host with what they have said, and are that one’s to let go', async () => {
    const { stage, store, host, hostOn, publish } = await open();
    const other = hostOn(await stage.client());
    const first = await stage.run(host.host(TARGET, WHO));
    await stage.runFor(2000, publish('a: 1'));
    await stage.run(other.acknowledge(TARGET, 'php-1', { release: 1, defaultsRelease: 0 }));
    const second = await stage.run(other.host(TARGET, WHO));
    expect(second.known).toMatchObject({ release: 1 });
    first.end();
    expect(await stage.run(store.subscribers(SCOPE))).toMatchObject([{ release: 1 }]);
    second.end();
    await stage.pass(10);
    expect(await stage.run(store.subscribers(SCOPE))).toEqual([]);
  });

  it('are lost with the session of their host, which says so', async () => {
    const { stage, client, store, host } = await open();
    const hosting = await stage.run(host.host(TARGET, WHO));
    stage.ensemble.expire(client);
    await stage.pass(5000);
    expect(hosting.lost.aborted).toBe(true);
    expect(await stage.run(store.subscribers(SCOPE))).toEqual([]);
    expect((await stage.run(host.host(TARGET, WHO))).lost.aborted).toBe(false);
  });

  it('cannot acknowledge what there is not, nor without a host', async () => {
    const { stage, host } = await open();
    const acknowledge = (release: number) =>
      stage.run(host.acknowledge(TARGET, 'php-1', { release, defaultsRelease: 0 }));
    await expect(acknowledge(0)).rejects.toThrow(NotFoundError);
    await stage.run(host.host(TARGET, WHO));
    await expect(acknowledge(7)).rejects.toThrow(InvalidInputError);
    await expect(stage.run(host.host({ ...SCOPE, profiles: ['..'] }, WHO))).rejects.toThrow(InvalidInputError);
  });
});
