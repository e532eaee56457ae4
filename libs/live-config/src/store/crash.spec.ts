/** Whoever publishes may die after any of its writes. Subscribers see the old release or the new one, whole, and life goes on. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Client, ConnectionLossError } from '@corral/client';
import { ConfigStage, DyingClient, intercept, SCOPE } from '../config-stage.fake.js';
import type { ConfigSubscription } from '../subscription/config-subscription.js';
import type { ConfigStore } from './config-store.js';

const NEVER = 1000;
const NOISE = randomBytes(800_000).toString('base64');
/** New for each death, so that nothing is at hand in the process that the ensemble does not have. */
let life = 0;
const changes = (a: number) =>
  [
    { name: 'one', format: 'yaml', content: `a: ${a} # ${life}\n` },
    { name: 'two', format: 'yaml', content: `b: ${a} # ${life}\n` },
    { profile: 'dev', name: 'one', format: 'yaml', content: `c: ${a} # ${life}\n` },
    // More than one znode.
    { name: 'big', format: 'text', content: `${a}${life}${NOISE}` },
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
      life += 1;
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

const one = (a: number) =>
  ({ scope: SCOPE, changes: [{ name: 'one', format: 'yaml', content: `a: ${a}\n` }] }) as const;

describe('a connection that breaks around the multi', () => {
  it.each([
    ['after it was done', true],
    ['before it was done', false],
  ])('%s does not make a release twice, and is not taken for a conflict', async (_when, isDone) => {
    const stage = new ConfigStage();
    const client = await stage.client();
    await publishOnce(stage, client);
    let losses = 0;
    const losing = intercept(client, 'multi', async (multi) => {
      losses += 1;
      if (losses > 1) return multi();
      if (isDone) await multi();
      throw new ConnectionLossError('multi', undefined);
    });
    const { release } = await stage.run(stage.store(losing).publish(one(9)));
    expect([release.release, losses]).toEqual([2, isDone ? 1 : 2]);
    const store = stage.store(client);
    expect((await stage.run(store.history(SCOPE))).map((info) => info.release)).toEqual([2, 1]);
    expect((await stage.run(store.effective(SCOPE))).values).toMatchObject({ a: 9 });
  });
});

describe('the collector', () => {
  it('gives way to a release that is made while it collects', async () => {
    const stage = new ConfigStage();
    const client = await stage.client();
    const store = stage.store(client);
    for (const a of [1, 2, 3]) await stage.run(store.publish(one(a)));
    const { hash } = (await stage.run(store.listDocuments(SCOPE, { release: 1 })))[0]!;
    // The releases go, their contents are left to be collected. A publisher takes one of them up at the last moment.
    await stage.run(stage.store(client, { releasesRetained: 1 }).collect(SCOPE));
    const untimely = intercept(client, 'multi', async (multi) => {
      await store.publish(one(1));
      return multi();
    });
    const clock = { ...stage.clock, nowMs: () => stage.clock.nowMs() + 7_200_000 };
    const collected = await stage.run(stage.store(untimely, { releasesRetained: 1, clock }).collect(SCOPE));
    expect(collected).toEqual({ releases: 0, contents: 0 });
    expect(await stage.run(client.exists(`/corral/config/shop/cart/contents/${hash}`))).toBeDefined();
  });

  it('may take a large content from under a publisher who is about to use it: the release is made all the same', async () => {
    const stage = new ConfigStage();
    const client = await stage.client();
    const store = stage.store(client);
    const big = { scope: SCOPE, changes: [{ name: 'big', format: 'text', content: NOISE }] } as const;
    await stage.run(store.publish(big));
    await stage.run(store.publish({ scope: SCOPE, changes: [{ name: 'big', delete: true }] }));
    const clock = { ...stage.clock, nowMs: () => stage.clock.nowMs() + 7_200_000 };
    let creates = 0;
    const overtaken = intercept(client, 'create', async (create) => {
      creates += 1;
      // The content itself was found to be there; now come its parts.
      if (creates === 2) await stage.store(client, { releasesRetained: 1, clock }).collect(SCOPE);
      return create();
    });
    await stage.run(stage.store(overtaken).publish(big));
    expect(creates).toBeGreaterThan(3);
    expect((await stage.run(store.getDocument(SCOPE, { name: 'big' }))).content).toBe(NOISE);
  });
});
