/** Creating nodes: modes, paths, data, access lists, sequence numbers, and the order in which errors are found. */
import { Flag, Perm } from '../raw/op-codes.js';
import type { Scenario } from '../stage/scenario.js';

const modes: Scenario = {
  name: 'create: modes',
  root: '/modes',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/modes');
    await a.create('/modes');
    await a.create('/modes/data', { data: 'value' });
    await a.create('/modes/null', { data: null });
    await a.create('/modes/empty', { data: '' });
    await a.create('/modes/binary', { data: Buffer.from([0, 255, 128, 1]) });
    await a.create2('/modes/two', { data: 'v2' });
    await a.create2('/modes/two', { data: 'v2' });
    await a.create('/modes/ephemeral', { flags: Flag.ephemeral });
    await a.create2('/modes/ephemeral2', { flags: Flag.ephemeral, data: 'e' });
    await a.create('/modes/ephemeral/child');
    await a.create('/modes/ephemeral/child/deeper');
    await a.create('/modes/ephemeral/child', { flags: Flag.sequential });
    await a.createContainer('/modes/container', { data: 'c' });
    await a.create('/modes/container/child');
    await a.create('/modes/container4', { flags: Flag.container });
    await a.create2('/modes/container24', { flags: Flag.container });
    await a.createContainer('/modes/container0', { flags: Flag.persistent });
    await a.createContainer('/modes/container1', { flags: Flag.ephemeral });
    await a.createContainer('/modes/container2-', { flags: Flag.sequential });
    await a.createContainer('/modes/container9', { flags: 9 });
    for (const flags of [7, 8, 16, 255, -1, -2, 0x7fffffff, -0x80000000]) {
      await a.create('/modes/invalid', { flags });
    }
    await a.create2('/modes/invalid', { flags: 7 });
    await a.create('/modes/no/parent');
    await a.create('/modes/no/parent', { flags: Flag.sequential });
  },
};

const sequence: Scenario = {
  name: 'create: sequence numbers',
  root: '/seq',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/seq');
    await a.create('/seq/n-', { flags: Flag.sequential });
    await a.create('/seq/n-', { flags: Flag.sequential });
    await a.create('/seq/plain');
    await a.create2('/seq/n-', { flags: Flag.sequential });
    await a.delete('/seq/plain');
    await a.create('/seq/after-delete-', { flags: Flag.sequential });
    await a.delete('/seq/n-0000000000');
    await a.delete('/seq/n-0000000001');
    await a.create('/seq/n-', { flags: Flag.sequential });
    await a.create('/seq/e-', { flags: Flag.ephemeralSequential });
    await a.create('/seq/', { flags: Flag.sequential });
    await a.create('/seq/', { flags: Flag.ephemeralSequential });
    await a.create2('/seq/', { flags: Flag.sequential });
    await a.create('/seq/.', { flags: Flag.sequential });
    await a.create('/seq/..', { flags: Flag.sequential });
    await a.create('/seq//', { flags: Flag.sequential });
    await a.create('/seq/plain-again');
    await a.create('/seq/plain-again');
    await a.create('/seq/after-exists-', { flags: Flag.sequential });
    await a.setData('/seq', 'changed');
    await a.create('/seq/after-set-', { flags: Flag.sequential });
    await a.create('/seq/n-0000000010/', { flags: Flag.sequential });
    await a.create('/seq/0000000019');
    await a.create('/seq/', { flags: Flag.sequential });
    await a.create('/seq/', { flags: Flag.sequential });
  },
};

const PATHS: readonly (string | Buffer | null)[] = [
  null,
  '',
  '/',
  'relative',
  'relative/child',
  '/paths/',
  '/paths/trailing/',
  '//',
  '//paths',
  '/paths//double',
  '/paths/.',
  '/paths/..',
  '/paths/./x',
  '/paths/../x',
  '/./paths',
  '/paths/.hidden',
  '/paths/..hidden',
  '/paths/...',
  '/paths/trailing.',
  '/paths/a.b',
  '/paths/nul\0',
  '/paths/\0',
  '\0',
  '/paths/c\u0001',
  '/paths/c\u001f',
  '/paths/space x',
  '/paths/ ',
  '/paths/c\u007f',
  '/paths/c\u009f',
  '/paths/c\u00a0',
  '/paths/é',
  '/paths/日本語',
  '/paths/p\ud7ff',
  '/paths/p\ue000',
  '/paths/p\uf8ff',
  '/paths/p\uf900',
  '/paths/p\uffef',
  '/paths/p\ufff0',
  '/paths/p\ufffd',
  '/paths/p\uffff',
  '/paths/😀',
  Buffer.from('2f70617468732fff', 'hex'),
  Buffer.from('2f70617468732fc3', 'hex'),
  Buffer.from('2f70617468732fc080', 'hex'),
  Buffer.from('2f70617468732feda080', 'hex'),
  Buffer.from('2f70617468732ff4908080', 'hex'),
  '/paths/\\back',
  '/paths/tab\t',
  '/paths/%2f',
];

const paths: Scenario = {
  name: 'create: paths',
  root: '/paths',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/paths');
    for (const path of PATHS) await a.create(path);
    for (const path of ['/paths/s\0', '/paths/s\u0001', 'relative', '/paths/s//', null, '', '/paths/s\ufff0']) {
      await a.create(path, { flags: Flag.sequential });
    }
  },
};

const otherVerbs: Scenario = {
  name: 'paths: in every other request',
  root: '/verbs',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/verbs');
    const some = [
      null,
      '',
      '/',
      '//',
      'relative',
      '/verbs/',
      '/verbs//x',
      '/verbs/.',
      '/verbs/nul\0',
      '/verbs/c\u0001',
      '/verbs/none',
      Buffer.from('2f7665726273ff', 'hex'),
    ];
    for (const path of some) {
      await a.delete(path);
      await a.exists(path);
      await a.exists(path, true);
      await a.getData(path);
      await a.getChildren(path);
      await a.getChildren2(path);
      await a.setData(path, 'x', 99);
      await a.getAcl(path);
      await a.setAcl(path, [{ perms: 31, scheme: 'world', id: 'anyone' }], 99);
      await a.check(path, 99);
      await a.sync(path);
      await a.getEphemerals(path);
      await a.getAllChildrenNumber(path);
      await a.addWatch(path, 0);
      await a.checkWatches(path, 3);
      await a.removeWatches(path, 3);
    }
  },
};

const order: Scenario = {
  name: 'create: which error comes first',
  root: '/order',
  play: async (stage) => {
    const a = await stage.session('a');
    const locked = [{ perms: Perm.read, scheme: 'world', id: 'anyone' }];
    await a.create('/order');
    await a.create('/order/locked', { acl: locked });
    await a.create('/order/e', { flags: Flag.ephemeral });
    await a.create('relative', { flags: 99 });
    await a.create('relative', { acl: [] });
    await a.create('/order/none/x', { acl: [] });
    await a.create('/order/none/x\u0001');
    await a.create('/order/none//');
    await a.create('/order/locked/x\u0001');
    await a.create('/order/locked/x', { acl: [] });
    await a.create('/order/e/x\u0001');
    await a.create('/order/e/x', { acl: [] });
    await a.create('/order/locked/x', { flags: 99 });
    await a.create('/order/e', { acl: [] });
    await a.create('/order/x\0', { acl: [] });
    await a.create('/order/x\0', { flags: 99 });
    await a.delete('/order/locked/none');
    await a.delete('/order/none', 7);
    await a.create('/order/full');
    await a.create('/order/full/child');
    await a.delete('/order/full', 7);
    await a.delete('/order/full');
    await a.delete('/order/full', 0);
    await a.delete('/order/locked', 7);
    await a.setData('/order/locked', 'x', 7);
    await a.setAcl('/order/locked', [], 7);
    await a.setAcl('/order/none', []);
    await a.setAcl('/order/none', locked);
    await a.setAcl('/order/locked', locked, 7);
    await a.setAcl('/order/full', locked, 7);
    await a.check('/order/none', 7);
  },
};

/** Keys of some stores end at a few hundred or thousand bytes; names and paths do not. */
const LENGTHS = [400, 511, 512, 513, 1960, 1970, 1980, 2000, 4000, 20_000];

const longPaths: Scenario = {
  name: 'create: long paths',
  root: '/long',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/long');
    for (const length of LENGTHS) {
      const path = `/long/${'l'.repeat(length)}`;
      await a.exists(path, true);
      await a.create(path, { data: String(length) });
      await a.create(path);
      await a.getChildren2(path);
      await a.create(`${path}/child`, { flags: Flag.ephemeral });
      await a.create(`${path}/s-`, { flags: Flag.sequential });
      await a.setData(path, 'x', 0);
      await a.getAllChildrenNumber(path);
    }
    let deep = '/long/deep';
    await a.create(deep);
    for (let level = 0; level < 12; level += 1) {
      deep += `/${String(level).repeat(200)}`;
      await a.create(deep);
    }
    await a.getAllChildrenNumber('/long');
    await a.getEphemerals('/long');
    await a.delete(deep);
    for (const length of LENGTHS) await a.delete(`/long/${'l'.repeat(length)}/child`);
  },
};

/** Scenarios of this file. */
export const createScenarios: readonly Scenario[] = [modes, sequence, paths, longPaths, otherVerbs, order];
