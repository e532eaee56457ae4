/** Whoever publishes may die after any of its writes. Subscribers see the old release or the new one, whole, and life goes on. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Client } from '@corral/client';
import { ConfigStage, DyingClient, SCOPE } from '../config-stage.fake.js';
import type { ConfigSubscription } from '../subscription/config-subscription.js';
import type { ConfigStore } from './config-store.js';

const NEVER = 1000;
const NOISE = randomBytes(800_000).toString('base64');
const changes = (a: number) =>
  [
    { name: 'one', format: 'yaml', content: `a: ${a}\n` },
    { name: 'two', format: 'yaml', content: `b: ${a}\n` },
    { profile: 'dev', name: 'one', format: 'yaml', content: `c: ${a}\n` },
    // More than one znode.
    { name: 'big', format: 'text', content: a + NOISE },
  ] as const;

type Publish = (store: ConfigStore) => Promise<unknown>;

async function subscribed(stage: ConfigStage): Promise<ConfigSubscription> {
  const subscription = stage.subscribe(await stage.client(), { target: { ...SCOPE, profiles: ['dev'] } });
  await stage.run(subscription.ready());
  return subscription;
}

/** How many writes an undisturbed publish needs. */
async function writesOf(
  prepare: (stage: ConfigStage, client: Client) => Promise<void>,
  publish: Publish,
): Promise<number> {
  const stage = new ConfigStage();
  const client = await stage.client();
  await prepare(stage, client);
  await subscribed(stage);
  const counting = new DyingClient(client, NEVER);
  await stage.run(publish(stage.store(counting.client)));
  return NEVER - counting.writesLeft;
}

const nothing = (): Promise<void> => Promise.resolve();
const publishOnce = async (stage: ConfigStage, client: Client): Promise<void> => {
  await stage.run(stage.store(client).publish({ scope: SCOPE, changes: changes(1) }));
};

const cases: [string, number, (stage: ConfigStage, client: Client) => Promise<void>, Publish][] = [
  ['the first release', 0, nothing, (store) => store.publish({ scope: SCOPE, changes: changes(2) })],
  ['a later release', 1, publishOnce, (store) => store.publish({ scope: SCOPE, changes: changes(2) })],
  [
    'a gradual release',
    1,
    publishOnce,
    (store) =>
      store.publish({
        scope: SCOPE,
        changes: changes(2),
        rollout: { stages: [{ select: { percent: 100 }, soakMs: 0 }] },
      }),
  ],
];

describe.each(cases)('%s', (_what, oldRelease, prepare, publish) => {
  it('is seen whole or not at all wherever its publisher dies', async () => {
    const writes = await writesOf(prepare, publish);
    expect(writes).toBeGreaterThan(3);
    for (let died = 0; died <= writes; died += 1) {
      const stage = new ConfigStage();
      const client = await stage.client();
      await prepare(stage, client);
      const subscription = await subscribed(stage);
      expect(subscription.current.release).toBe(oldRelease);

      const dying = new DyingClient(client, died);
      const outcome = stage.run(publish(stage.store(dying.client)));
      if (died < writes) await expect(outcome).rejects.toThrow('died');
      else await outcome;
      await stage.pass(1000);

      const { release, values, documents } = subscription.current;
      const isNew = died === writes;
      expect([died, release]).toEqual([died, isNew ? oldRelease + 1 : oldRelease]);
      const a = release === 0 ? undefined : isNew ? 2 : 1;
      expect(values).toEqual(a === undefined ? {} : { a, b: a, c: a });
      expect(documents.get('big')?.content[0]).toBe(a === undefined ? undefined : String(a));
      expect(subscription.lastFailure).toBeUndefined();

      // Somebody else goes on, and what was left is collected.
      const hoursLater = { ...stage.clock, nowMs: () => stage.clock.nowMs() + 7_200_000 };
      const next = stage.store(await stage.client(), { releasesRetained: 1, clock: hoursLater });
      if (isNew && (await stage.run(next.status(SCOPE))).rollout !== undefined) await stage.run(next.promote(SCOPE));
      await stage.run(next.publish({ scope: SCOPE, changes: [{ name: 'one', format: 'yaml', content: 'a: 3\n' }] }));
      await stage.pass(100);
      expect(subscription.get('a')).toBe(3);
      await stage.run(next.collect(SCOPE));
      const contents = await stage.run(client.children('/corral/config/shop/cart/contents'));
      const kept = await stage.run(next.listDocuments(SCOPE));
      expect(contents.sort()).toEqual([...new Set(kept.map(({ hash }) => hash))].sort());
    }
  });
});

describe('a reply that is lost', () => {
  it('does not make a release twice, and is not taken for a conflict', async () => {
    const stage = new ConfigStage();
    const client = await stage.client();
    const store = stage.store(client);
    await publishOnce(stage, client);
    const publish = store.publish({ scope: SCOPE, changes: [{ name: 'one', format: 'yaml', content: 'a: 9\n' }] });
    publish.catch(() => undefined);
    // Until the multi is on its way and nothing of its answer has come.
    for (let turn = 0; turn < 400; turn += 1) {
      if (turn % 3 === 0) stage.ensemble.drop(client);
      await stage.pass(50);
    }
    const { release } = await stage.run(publish);
    expect(release.release).toBe(2);
    expect((await stage.run(store.history(SCOPE))).map((info) => info.release)).toEqual([2, 1]);
  });
});
