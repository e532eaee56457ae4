/** Data, versions, deletes, children, counters, the root and the system nodes. */
import { Flag, Op } from '../raw/op-codes.js';
import * as requests from '../raw/requests.js';
import { op } from '../raw/requests.js';
import type { Scenario } from '../stage/scenario.js';

const INT_MAX = 0x7fffffff;
const INT_MIN = -0x80000000;

const versions: Scenario = {
  name: 'data: versions',
  root: '/versions',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/versions', { data: 'first' });
    await a.getData('/versions');
    await a.setData('/versions', 'second', 0);
    await a.setData('/versions', 'third', 0);
    await a.setData('/versions', 'third', 1);
    await a.setData('/versions', null, -1);
    await a.getData('/versions');
    await a.setData('/versions', '', 3);
    await a.setData('/versions', '', 4);
    for (const version of [-2, INT_MAX, INT_MIN, 6]) await a.setData('/versions', 'no', version);
    await a.setData('/versions', Buffer.alloc(2000, 7));
    await a.setData('/versions/none', 'x');
    await a.create('/versions/child');
    for (const version of [1, -2, INT_MAX]) await a.delete('/versions/child', version);
    await a.delete('/versions/child', 0);
    await a.delete('/versions/child', 0);
    await a.delete('/versions/child');
    await a.create('/versions/child', { data: 'again' });
    await a.setData('/versions/child', 'x');
    await a.delete('/versions/child', 0);
    await a.delete('/versions', 6);
    await a.delete('/versions/child', 1);
    await a.delete('/versions', 5);
    await a.delete('/versions', 6);
    await a.exists('/versions');
  },
};

const reads: Scenario = {
  name: 'data: reads',
  root: '/reads',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/reads');
    await a.create('/reads/x', { data: 'x' });
    await a.create('/reads/x/1');
    await a.create('/reads/x/1/2', { data: null });
    await a.create('/reads/xy', { flags: Flag.ephemeral });
    for (const path of ['/reads', '/reads/x', '/reads/x/1/2', '/reads/xy', '/reads/none', '/none/none']) {
      await a.exists(path);
      await a.getData(path);
      await a.getChildren(path);
      await a.getChildren2(path);
      await a.getAllChildrenNumber(path);
      await a.getAcl(path);
      await a.sync(path);
    }
    await a.getEphemerals('/');
    await a.getEphemerals('');
    await a.getEphemerals(' ');
    await a.getEphemerals(' / ');
    await a.getEphemerals(null);
    await a.getEphemerals('/rea');
    await a.getEphemerals('/reads/xy');
    await a.getEphemerals('/reads/xyz');
    await a.getEphemerals('reads');
    await a.create('/reads/x/e', { flags: Flag.ephemeral });
    await a.getEphemerals('/reads/x/');
    await a.getEphemerals('/reads/x');
    const b = await stage.session('b');
    await b.getEphemerals('/');
    await b.create('/reads/b', { flags: Flag.ephemeral });
    await b.getEphemerals(null);
  },
};

const system: Scenario = {
  name: 'data: root and system nodes',
  root: '/zookeeper',
  play: async (stage) => {
    const a = await stage.session('a');
    await stage.look('what is there');
    for (const path of ['/', '', '/zookeeper', '/zookeeper/quota', '/zookeeper/config']) {
      await a.getAcl(path);
      await a.delete(path);
      await a.delete(path, 0);
      await a.create(path);
      await a.setData(path, 'x', 77);
      await a.setAcl(path, [{ perms: 31, scheme: 'world', id: 'anyone' }], 77);
      await a.check(path, 77);
    }
    await a.getData('/zookeeper/config');
    await a.setData('/zookeeper/config', 'x');
    await a.setData('/zookeeper/quota', 'x');
    await a.setData('/zookeeper', 'x');
    await a.create('/zookeeper/config/child');
    await a.create('/zookeeper/other', { data: 'o' });
    await a.delete('/zookeeper/other');
    await a.create('/zookeeper/quota/other');
    await a.delete('/zookeeper/quota/other');
    await a.create('/zookeeper/seq-', { flags: Flag.sequential });
    await a.delete('/zookeeper/seq-0000000001');
    await a.setData('/', 'root data');
    await a.getData('/');
    await a.setData('/', '');
    await a.setData('/', '', 1);
    await a.setData('/', '', 2);
    await a.getChildren2('/');
    await a.create('/', { flags: Flag.sequential });
    await a.create('/-', { flags: Flag.ephemeralSequential });
    await a.exists('/');
    await a.exists('');
  },
};

const rootCounters: Scenario = {
  name: 'data: counters of a parent',
  root: '/counters',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/counters');
    for (const name of ['1', '2', '3']) await a.create(`/counters/${name}`);
    await a.setData('/counters/1', 'x');
    await a.setAcl('/counters/1', [{ perms: 31, scheme: 'world', id: 'anyone' }]);
    await a.create('/counters/1/deep');
    await a.delete('/counters/1/deep');
    await a.delete('/counters/2');
    await a.create('/counters/2');
    await a.delete('/counters/2');
    await a.delete('/counters/3');
    await a.delete('/counters/1');
    await a.getChildren2('/counters');
  },
};

const largest: Scenario = {
  name: 'data: large values',
  root: '/large',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/large');
    await a.create('/large/100k', { data: Buffer.alloc(100_000, 120) });
    await a.setData('/large', Buffer.alloc(1_000_000, 121));
    await a.setData('/large', '');
    await a.delete('/large/100k');
    // jute.maxbuffer bounds the frame: header 8, path 4 + 6, length 4, data, version 4.
    const dataBytesMax = 0xfffff - 26;
    await a.setData('/large', Buffer.alloc(dataBytesMax, 122));
    await a.setData('/large', Buffer.alloc(dataBytesMax + 1, 122));
  },
};

const longListing: Scenario = {
  name: 'data: a listing over jute.maxbuffer',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/listing');
    const creates = Array.from({ length: 300 }, (_, index) => ({
      type: Op.create,
      body: requests.create(`/listing/${String(index).padStart(4000, 'n')}`),
    }));
    await a.pipeline('300 children with names of 4000', ...creates);
    await a.getChildren('/listing');
    await a.getChildren2('/listing', true);
    await a.multi(
      'removal of 30',
      ...creates.slice(0, 30).map((_, index) => op.delete(`/listing/${String(index).padStart(4000, 'n')}`)),
    );
    await a.getAllChildrenNumber('/listing');
  },
};

/** Scenarios of this file. */
export const dataScenarios: readonly Scenario[] = [versions, reads, system, rootCounters, largest, longListing];
