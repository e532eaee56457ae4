/** Watches: one-shot, persistent, recursive; their removal; what a reconnecting client is told. */
import { Op } from '../raw/op-codes.js';
import * as requests from '../raw/requests.js';
import type { Scenario } from '../stage/scenario.js';

const oneShot: Scenario = {
  name: 'watches: one-shot',
  root: '/w1',
  play: async (stage) => {
    const a = await stage.session('a');
    const b = await stage.session('b');
    await a.create('/w1');
    await a.exists('/w1/n', true);
    await b.exists('/w1/n', true);
    await a.create('/w1/n');
    await a.setData('/w1/n', 'unwatched');
    await a.exists('/w1/n', true);
    await b.getData('/w1/n', true);
    await a.setData('/w1/n', 'watched');
    await a.setData('/w1/n', 'no longer');
    await a.getData('/w1/n', true);
    await a.getChildren('/w1/n', true);
    await b.getChildren2('/w1', true);
    await a.create('/w1/n/c');
    await a.create('/w1/n/c2');
    await b.create('/w1/m');
    await a.getChildren('/w1/n', true);
    await a.setData('/w1/n', 'children watches stay silent');
    await a.delete('/w1/n/c');
    await a.getChildren('/w1/n', true);
    await a.getData('/w1/n', true);
    await a.getChildren('/w1', true);
    await b.getChildren('/w1/n', true);
    await a.delete('/w1/n/c2');
    await a.getChildren('/w1/n', true);
    await b.getChildren('/w1/n', true);
    await b.getData('/w1/n', true);
    await b.exists('/w1/n', true);
    await a.delete('/w1/n');
    await a.getData('/w1/none', true);
    await a.getChildren('/w1/none', true);
    await a.create('/w1/none');
    await a.exists('/w1/none', true);
    await a.setAcl('/w1/none', [{ perms: 31, scheme: 'world', id: 'anyone' }]);
    await a.setData('/w1/none', 'bad', 9);
    await a.delete('/w1/none');
    await a.getChildren('/', true);
    await b.create('/w1-sibling');
    await b.delete('/w1-sibling');
    await a.exists('', true);
    await a.exists('/', true);
    await b.setData('/', '');
    await a.getChildren('', true);
    await b.create('/w1-sibling');
    await a.getData('/w1', 2);
    await b.setData('/w1', 'x');
    await b.delete('/w1-sibling');
  },
};

const pipelined: Scenario = {
  name: 'watches: order among replies',
  root: '/wp',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/wp');
    const get = { type: Op.getData, body: requests.watching('/wp', true) };
    const set = { type: Op.setData, body: requests.setData('/wp', 'x') };
    const list = { type: Op.getChildren, body: requests.watching('/wp', true) };
    const create = { type: Op.create, body: requests.create('/wp/c') };
    const remove = { type: Op.delete, body: requests.versioned('/wp/c') };
    await a.pipeline('watch, set, get', get, set, { type: Op.getData, body: requests.watching('/wp') });
    await a.pipeline('set, watch', set, get);
    await a.pipeline('list, create, list, delete, get, set', list, create, list, remove, get, set);
    await a.pipeline('writes and reads', set, get, set, get, set, get);
    await a.pipeline('create and delete in a row', list, create, remove, create, remove, list);
    const watchChild = { type: Op.exists, body: requests.watching('/wp/c', true) };
    await a.pipeline('exists before create', watchChild, list, create, watchChild, list, remove);
    await a.pipeline('error between', get, { type: Op.create, body: requests.create('/wp') }, set);
    const multi = requests.multi([
      requests.op.setData('/wp', 'm1'),
      requests.op.create('/wp/c'),
      requests.op.delete('/wp/c'),
    ]);
    await a.pipeline('multi fires in order', get, list, watchChild, { type: Op.multi, body: multi }, get);
    const bad = requests.multi([requests.op.setData('/wp', 'm1'), requests.op.create('/wp')]);
    await a.pipeline('failed multi fires nothing', get, list, { type: Op.multi, body: bad }, set);
  },
};

const persistent: Scenario = {
  name: 'watches: persistent and recursive',
  root: '/pr',
  play: async (stage) => {
    const a = await stage.session('a');
    const b = await stage.session('b');
    await a.create('/pr');
    await a.addWatch('/pr', 0);
    await b.addWatch('/pr', 1);
    await a.create('/pr/x');
    await a.create('/pr/x/y');
    await a.setData('/pr', '1');
    await a.setData('/pr', '2');
    await a.setData('/pr/x', '1');
    await a.delete('/pr/x/y');
    await a.create('/pr/x/e', { flags: 1 });
    await a.delete('/pr/x/e');
    await a.delete('/pr/x');
    await b.create('/pr/z');
    await b.addWatch('/pr', 1);
    await b.create('/pr/z/1');
    await b.addWatch('/pr/z', 1);
    await b.create('/pr/z/3');
    await b.setData('/pr/z/3', 'x');
    await b.exists('/pr/z/3', true);
    await b.setData('/pr/z/3', 'y');
    await b.getChildren('/pr/z/3', true);
    await b.create('/pr/z/3/4');
    await a.addWatch('/pr/later', 1);
    await b.create('/pr/later');
    await b.create('/pr/later/child');
    await b.delete('/pr/later/child');
    await b.delete('/pr/later');
    await b.create('/pr/later');
    await a.addWatch('/', 1);
    await b.setData('/pr', 'root watcher');
    await b.create('/pr/q');
    await a.addWatch('/pr', 2);
    await a.addWatch('/pr', -1);
    await a.addWatch('/pr/none/none', 0);
    await a.addWatch('//bad', 1);
    await b.delete('/pr/q');
  },
};

const mixed: Scenario = {
  name: 'watches: modes mixed on one path',
  root: '/mode',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/mode');
    await a.addWatch('/mode', 1);
    await a.getData('/mode', true);
    await a.setData('/mode', 'the one-shot watch and the recursive one');
    await a.setData('/mode', 'the recursive watch');
    await a.create('/mode/child');
    await a.create('/persistent');
    await a.addWatch('/persistent', 0);
    await a.exists('/persistent', true);
    await a.setData('/persistent', 'the one-shot watch and the persistent one');
    await a.setData('/persistent', 'the persistent watch');
    await a.getChildren('/persistent', true);
    await a.create('/persistent/1');
    await a.create('/persistent/2');
    await a.create('/both');
    await a.addWatch('/both', 1);
    await a.addWatch('/both', 0);
    await a.setData('/both', 'persistent and recursive');
    await a.create('/both/child');
    await a.setData('/both/child', 'below');
    await a.create('/upgraded');
    await a.getData('/upgraded', true);
    await a.addWatch('/upgraded', 0);
    await a.setData('/upgraded', '1');
    await a.setData('/upgraded', '2');
  },
};

const removal: Scenario = {
  name: 'watches: check and remove',
  root: '/rm',
  play: async (stage) => {
    const a = await stage.session('a');
    const b = await stage.session('b');
    await a.create('/rm');
    for (const type of [0, 1, 2, 3, 4, -1]) {
      await a.checkWatches('/rm', type);
      await a.removeWatches('/rm', type);
    }
    await a.getData('/rm', true);
    await b.checkWatches('/rm', 2);
    await b.checkWatches('/rm', 3);
    await b.removeWatches('/rm', 2);
    await a.checkWatches('/rm', 1);
    await a.checkWatches('/rm', 2);
    await a.checkWatches('/rm', 3);
    await a.removeWatches('/rm', 1);
    await a.removeWatches('/rm', 2);
    await a.removeWatches('/rm', 2);
    await a.setData('/rm', 'silent');
    await a.getChildren('/rm', true);
    await a.checkWatches('/rm', 2);
    await a.removeWatches('/rm', 2);
    await a.removeWatches('/rm', 1);
    await a.create('/rm/c');
    await a.getData('/rm', true);
    await a.getChildren('/rm', true);
    await a.removeWatches('/rm', 3);
    await a.removeWatches('/rm', 3);
    await a.getData('/rm', true);
    await a.removeWatches('/rm', 3);
    await a.exists('/rm/none', true);
    await a.checkWatches('/rm/none', 2);
    await a.removeWatches('/rm/none', 2);
    await a.create('/rm/none');
    await a.addWatch('/rm', 0);
    await a.checkWatches('/rm', 1);
    await a.checkWatches('/rm', 2);
    await a.removeWatches('/rm', 1);
    await a.create('/rm/d');
    await a.setData('/rm', 'x');
    await a.removeWatches('/rm', 2);
    await a.setData('/rm', 'y');
    await a.addWatch('/rm', 1);
    await a.checkWatches('/rm/c', 1);
    await a.checkWatches('/rm/c', 3);
    await b.checkWatches('/rm/c', 3);
    await b.checkWatches('/rm', 3);
    await a.removeWatches('/rm/c', 3);
    await a.removeWatches('/rm', 2);
    await a.setData('/rm', 'z');
    await a.create('/rm/f');
    await a.delete('/rm/f');
    await a.removeWatches('/rm', 3);
    await a.setData('/rm', 'end');
    await a.checkWatches('/rm', 3);
  },
};

const reconnect: Scenario = {
  name: 'watches: set again after a reconnect',
  root: '/sw',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/sw');
    await a.create('/sw/same');
    await a.create('/sw/changed');
    await a.create('/sw/gone');
    await a.create('/sw/parent');
    await a.create('/sw/recreated');
    await a.create('/sw/acl');
    await a.create('/sw/quiet');
    const zxid = stage.naming.latestZxid;
    await a.setData('/sw/changed', 'x');
    await a.delete('/sw/gone');
    await a.create('/sw/parent/child');
    await a.create('/sw/created');
    await a.delete('/sw/recreated');
    await a.create('/sw/recreated');
    await a.setAcl('/sw/acl', [{ perms: 31, scheme: 'world', id: 'anyone' }]);
    const all = [
      '/sw/same',
      '/sw/changed',
      '/sw/gone',
      '/sw/parent',
      '/sw/recreated',
      '/sw/acl',
      '/sw/created',
      '/sw/never',
    ];
    await a.setWatches('of data', zxid, { data: all });
    await a.removeWatches('/sw/same', 2);
    await a.removeWatches('/sw/changed', 2);
    await a.removeWatches('/sw/parent', 2);
    await a.removeWatches('/sw/acl', 2);
    await a.setWatches('of existence', zxid, { exist: all });
    await a.create('/sw/never');
    await a.create('/sw/gone');
    await a.setWatches('of children', zxid, { child: [...all, '/sw/quiet'] });
    await a.create('/sw/same/c');
    await a.create('/sw/quiet/c');
    await a.setWatches('of all kinds', zxid, {
      data: ['/sw/changed', '/sw/same'],
      exist: ['/sw/x'],
      child: ['/sw/parent'],
    });
    await a.setData('/sw/same', 'now');
    await a.setWatches('of nothing', zxid, {});
    await a.setWatches('from zxid 0', 0n, { data: ['/sw/same', '/sw/acl'], child: ['/sw/same', '/sw/quiet'] });
    await a.setWatches('from zxid -1', -1n, { data: ['/sw/acl'] });
    await a.setWatches('from the future', 0x7fffffffffffn, {
      data: ['/sw/same', '/sw/none'],
      exist: ['/sw/same', '/sw/none'],
      child: ['/sw/same', '/sw/none'],
    });
    await a.create('/sw/none');
    await a.setWatches2('persistent', zxid, {
      persistent: ['/sw/changed', '/sw/not-there'],
      recursive: ['/sw/parent', '/sw/parent/none'],
    });
    await a.setData('/sw/changed', 'p1');
    await a.setData('/sw/changed', 'p2');
    await a.create('/sw/parent/child/deep');
    await a.create('/sw/not-there');
    await a.setWatches2('all kinds at once', zxid, {
      data: ['/sw/changed'],
      exist: ['/sw/changed'],
      child: ['/sw/changed'],
      persistent: ['/sw/changed'],
      recursive: ['/sw/changed'],
    });
    await a.setData('/sw/changed', 'p3');
    await a.setWatches('of bad paths', zxid, {
      data: ['', 'relative', '//', '/sw/'],
      exist: ['relative'],
      child: ['/sw//x'],
    });
    await a.setWatches('null lists', zxid, { data: null });
    await a.setWatches('null path', zxid, { data: [null] });
    await a.raw('setWatches with a plain xid', {
      type: Op.setWatches,
      body: requests.setWatches(zxid, { data: ['/sw/changed'] }),
    });
    await a.raw('setWatches2 without its last lists', { type: Op.setWatches2, body: requests.setWatches(zxid, {}) });
  },
};

/** Scenarios of this file. */
export const watchScenarios: readonly Scenario[] = [oneShot, pipelined, persistent, mixed, removal, reconnect];
