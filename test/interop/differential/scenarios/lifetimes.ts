/** Nodes that the server deletes: TTL nodes and containers; and TTL nodes while they are switched off. */
import { Flag } from '../raw/op-codes.js';
import { op } from '../raw/requests.js';
import type { Session } from '../stage/session.js';
import type { Scenario } from '../stage/scenario.js';

const TTL_MAX = 0xff_ffff_ffffn;

async function createAll(a: Session, root: string): Promise<void> {
  await a.create(root);
  await a.createTtl(`${root}/t`, { ttl: 100_000n, data: 'd' });
  await a.createTtl(`${root}/t-`, { ttl: 100_000n, flags: Flag.ttlSequential });
  for (const ttl of [0n, -1n, -2n, TTL_MAX, TTL_MAX + 1n, 1n << 62n, -(1n << 63n)]) {
    await a.createTtl(`${root}/x${ttl}`, { ttl });
  }
  // Only with a ttl: createTTL with flags 0 and ttl -1 passes Apache's checks and then ends the whole server.
  for (const flags of [0, 1, 2, 3, 4, 7, -1]) {
    await a.createTtl(`${root}/flags${flags}`, { ttl: 100_000n, flags });
  }
  for (const flags of [Flag.ttl, Flag.ttlSequential]) {
    await a.create(`${root}/create${flags}`, { flags });
    await a.create2(`${root}/create2${flags}`, { flags });
    await a.createContainer(`${root}/container${flags}`, { flags });
    await a.multi(`createTTL with flags ${flags}`, op.createTtl(`${root}/multi-ttl${flags}`, { flags, ttl: 50_000n }));
  }
  await a.multi('createTTL with ttl 0', op.createTtl(`${root}/m0`, { ttl: 0n }));
  await a.create(`${root}/t/child`);
  await a.create(`${root}/t/ephemeral`, { flags: Flag.ephemeral });
  await a.getEphemerals('/');
  await a.exists(`${root}/t`);
  await a.delete(`${root}/t`);
  await a.setData(`${root}/t`, 'changed');
}

const ttlOff: Scenario = {
  name: 'lifetimes: TTL nodes switched off',
  root: '/ttl-off',
  play: async (stage) => createAll(await stage.session('a'), '/ttl-off'),
};

const ttlOn: Scenario = {
  name: 'lifetimes: TTL nodes switched on',
  root: '/ttl-on',
  play: async (stage) => createAll(await stage.session('a'), '/ttl-on'),
};

const ttlByDefault: Scenario = {
  name: 'lifetimes: TTL nodes by default',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.createTtl('/ttl-default');
  },
};

const ttlEnds: Scenario = {
  name: 'lifetimes: a TTL node ends',
  root: '/ttl-ends',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/ttl-ends');
    await a.createTtl('/ttl-ends/long', { ttl: 3_600_000n });
    await a.createTtl('/ttl-ends/parent', { ttl: 2_500n });
    await a.create('/ttl-ends/parent/child');
    await a.getChildren('/ttl-ends', true);
    await a.createTtl('/ttl-ends/short', { ttl: 2_500n });
    await a.exists('/ttl-ends/short', true);
    await a.getChildren('/ttl-ends', true);
    await stage.untilGone('/ttl-ends/short');
    await a.exists('/ttl-ends/parent');
    await a.getChildren('/ttl-ends', true);
    await a.deleteAndGoOn('/ttl-ends/parent/child');
    await stage.untilGone('/ttl-ends/parent');
    await a.exists('/ttl-ends/long');
  },
};

const containersEnd: Scenario = {
  name: 'lifetimes: a container ends',
  root: '/containers',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/containers');
    await a.createContainer('/containers/used');
    await a.createContainer('/containers/unused');
    await a.create('/containers/flag4', { flags: Flag.container });
    await a.multi('a container', op.createContainer('/containers/multi'));
    await a.multi('create with flag 4', op.create('/containers/multi4', { flags: Flag.container }));
    // One after the other, so that it is certain which step sees which container go.
    for (const name of ['flag4', 'used', 'multi', 'multi4']) {
      await a.create(`/containers/${name}/child`);
      await a.exists(`/containers/${name}`, true);
      await a.deleteAndGoOn(`/containers/${name}/child`);
      if (name !== 'flag4') await stage.untilGone(`/containers/${name}`);
    }
    await a.exists('/containers/unused');
    await a.exists('/containers/flag4');
    await a.getChildren2('/containers');
  },
};

/** Played with the server's defaults. */
export const ttlDefaultScenarios: readonly Scenario[] = [ttlByDefault];

/** Played with TTL nodes off. */
export const ttlOffScenarios: readonly Scenario[] = [ttlOff];

/** Played with TTL nodes on and frequent checks. */
export const lifetimeScenarios: readonly Scenario[] = [ttlOn, ttlEnds, containersEnd];
