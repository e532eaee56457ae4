/** Quotas under /zookeeper/quota: the bookkeeping nodes, and hard limits while they are enforced. */
import { Flag } from '../raw/op-codes.js';
import { op } from '../raw/requests.js';
import type { Session } from '../stage/session.js';
import type { Scenario } from '../stage/scenario.js';

const QUOTA = '/zookeeper/quota';

async function limit(a: Session, path: string, limits: string): Promise<void> {
  let parent = QUOTA;
  for (const part of path.split('/').slice(1)) {
    parent += `/${part}`;
    await a.create(parent);
  }
  await a.create(`${parent}/zookeeper_limits`, { data: limits });
  await a.create(`${parent}/zookeeper_stats`, { data: 'count=0,bytes=0' });
}

const bookkeeping: Scenario = {
  name: 'quotas: bookkeeping',
  root: '/',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/q', { data: 'abc' });
    await a.create('/q/before', { data: '12345' });
    await limit(a, '/q', 'count=4,bytes=30');
    await a.getData(`${QUOTA}/q/zookeeper_stats`);
    await a.create('/q/1', { data: '1234567890' });
    await a.create('/q/2', { data: null });
    await a.setData('/q/1', '1');
    await a.setData('/q/1', null);
    await a.setData('/q/1', '12');
    await a.create('/q/e', { flags: Flag.ephemeral, data: 'e' });
    await a.create('/q/over-the-soft-count');
    await a.setData('/q', 'x'.repeat(100));
    await a.delete('/q/e');
    const b = await stage.session('b');
    await b.create('/q/b1', { flags: Flag.ephemeral, data: 'b' });
    await b.create('/q/b2', { flags: Flag.ephemeral, data: 'bb' });
    await b.closeSession();
    await a.delete('/q/1');
    await a.create('/q/2/deep', { data: '123' });
    await a.create('/qq', { data: 'not in it' });
    await a.multi('in a quota', op.create('/q/m', { data: '4444' }), op.setData('/q/m', '1'), op.delete('/q/m'));
    await a.getData(`${QUOTA}/q/zookeeper_stats`, true);
    await a.getData(`${QUOTA}/q/zookeeper_limits`, true);
    await a.create('/q/watched');
    await a.setData(`${QUOTA}/q/zookeeper_limits`, 'count=1000,bytes=-1');
    await a.setData(`${QUOTA}/q/zookeeper_stats`, 'count=77,bytes=88');
    await a.create('/q/after-tampering', { data: '1' });
    await a.delete(`${QUOTA}/q/zookeeper_stats`);
    await a.create('/q/without-stats');
    await a.delete(`${QUOTA}/q/zookeeper_limits`);
    await a.create('/q/without-limits');
    await a.delete(`${QUOTA}/q`);
  },
};

const nested: Scenario = {
  name: 'quotas: nested and odd places',
  root: '/',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/n');
    await a.create('/n/a');
    await a.create('/n/a/b');
    await limit(a, '/n', 'count=-1,bytes=-1');
    await a.create(`${QUOTA}/n/a`);
    await a.create(`${QUOTA}/n/a/zookeeper_limits`, { data: 'count=1000,bytes=-1' });
    await a.create(`${QUOTA}/n/a/zookeeper_stats`, { data: 'count=0,bytes=0' });
    await a.create('/n/a/c', { data: 'inner' });
    await a.create('/n/d', { data: 'outer' });
    await a.delete('/n/a/c');
    await a.create(`${QUOTA}/missing`);
    await a.create(`${QUOTA}/missing/zookeeper_limits`, { data: 'count=1,bytes=-1' });
    await a.create(`${QUOTA}/missing/zookeeper_stats`, { data: 'count=0,bytes=0' });
    await a.create('/missing');
    await a.create('/missing/x');
    await a.create(`${QUOTA}/other`, { data: 'just a node' });
    await a.create(`${QUOTA}/other/zookeeper_stats`, { data: '' });
    await a.create('/other');
  },
};

const hard: Scenario = {
  name: 'quotas: hard limits',
  root: '/',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/h');
    await limit(a, '/h', 'count=-1,bytes=-1=;byteHardLimit=20;countHardLimit=4');
    await a.create('/h/1', { data: '12345' });
    await a.create('/h/2', { data: '12345' });
    await a.create('/h/too-many-bytes', { data: 'x'.repeat(11) });
    await a.create('/h/3', { data: 'x'.repeat(10) });
    await a.create('/h/4');
    await a.create('/h/5', { flags: Flag.ephemeral });
    await a.create2('/h/5', { flags: Flag.sequential });
    await a.createContainer('/h/6');
    await a.setData('/h/1', '123456');
    await a.setData('/h/1', '12345');
    await a.setData('/h/1', '1');
    await a.setData('/h/2', '123456789');
    await a.setData('/h/2', '1234567890');
    await a.setData('/h/2', '1234567890', 9);
    await a.create('/h/2');
    await a.multi('over the count', op.create('/h/m'));
    await a.multi('delete, then create', op.delete('/h/3'), op.create('/h/m', { data: 'm' }));
    await a.delete('/h/3');
    await a.create('/h/again');
    await a.setData(`${QUOTA}/h/zookeeper_limits`, 'count=1,bytes=1');
    await a.create('/h/only-soft-now', { data: 'xx' });
    await a.setData(`${QUOTA}/h/zookeeper_limits`, 'count=1,bytes=1=;byteHardLimit=-1;countHardLimit=-1');
    await a.create('/h/unlimited', { data: 'xx' });
    await a.setData(`${QUOTA}/h/zookeeper_limits`, 'countHardLimit=0');
    await a.create('/h/zero', { data: 'xx' });
    await a.setData(`${QUOTA}/h/zookeeper_limits`, '');
    await a.create('/h/no-text', { data: 'xx' });
    await a.setData(`${QUOTA}/h/zookeeper_limits`, 'count=');
    await a.create('/h/empty-count', { data: 'xx' });
    await a.setData(`${QUOTA}/h/zookeeper_limits`, 'nonsense');
    await a.create('/h/nonsense', { data: 'xx' });
    await a.setData(`${QUOTA}/h/zookeeper_limits`, 'count=x');
    await a.create('/h/not-a-number', { data: 'xx' });
    await a.setData(`${QUOTA}/h/zookeeper_limits`, null);
    await a.create('/h/null', { data: 'xx' });
  },
};

/** Played with quotas enforced. */
export const quotaScenarios: readonly Scenario[] = [bookkeeping, nested, hard];

/** Played with the server's defaults. */
export const softQuotaScenarios: readonly Scenario[] = [{ ...hard, name: 'quotas: hard limits that are not enforced' }];
