/** Multi and multiRead: success, failure at each place, and what may not be inside. */
import { Flag, Op, Perm } from '../raw/op-codes.js';
import * as requests from '../raw/requests.js';
import { op } from '../raw/requests.js';
import type { Scenario } from '../stage/scenario.js';

const writes: Scenario = {
  name: 'multi: writes',
  root: '/multi',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/multi');
    await a.multi('empty');
    await a.multi('one create', op.create('/multi/1', { data: 'x' }));
    await a.multi(
      'one of each',
      op.create('/multi/2'),
      op.setData('/multi/2', 'two'),
      op.check('/multi/2', 1),
      op.create2('/multi/2/c'),
      op.delete('/multi/2/c'),
      op.delete('/multi/1'),
    );
    await a.multi('create and delete the same', op.create('/multi/3'), op.delete('/multi/3', 0), op.create('/multi/3'));
    await a.multi('parent then child', op.create('/multi/p'), op.create('/multi/p/c'), op.create('/multi/p/c/d'));
    await a.multi('set twice', op.setData('/multi/p', '1', 0), op.setData('/multi/p', '2', 1), op.check('/multi/p', 2));
    await a.multi(
      'sequential',
      op.create('/multi/s-', { flags: Flag.sequential }),
      op.create('/multi/s-', { flags: Flag.sequential }),
      op.create2('/multi/s-', { flags: Flag.ephemeralSequential }),
    );
    await a.multi('ephemeral', op.create('/multi/e', { flags: Flag.ephemeral, data: 'e' }));
    await a.multi('child of an ephemeral', op.create('/multi/e2', { flags: Flag.ephemeral }), op.create('/multi/e2/c'));
    await a.multi('container', op.createContainer('/multi/container'));
    await a.multi('create2 ephemeral', op.create2('/multi/ephemeral2', { flags: Flag.ephemeral }));
    await a.multi('invalid flags', op.create('/multi/flags', { flags: 9 }));
    await a.multi('TTL', op.createTtl('/multi/ttl'));
    await a.multi('checks only', op.check('/multi'), op.check('/multi/p', 2));
    await a.multi('null data', op.create('/multi/null', { data: null }), op.setData('/multi/null', null));
  },
};

/** Each in a parent of its own, so that what one makes is not seen in the next. */
const flags: Scenario = {
  name: 'multi: flags that contradict the operation',
  root: '/flags',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/flags');
    const cases: readonly (readonly [string, (path: string) => requests.MultiOp])[] = [
      ['create with the container flag', (path) => op.create(path, { flags: Flag.container })],
      ['create2 with the container flag', (path) => op.create2(path, { flags: Flag.container })],
      ['createContainer with flags 0', (path) => op.createContainer(path, { flags: Flag.persistent })],
      ['createContainer with flags 1', (path) => op.createContainer(path, { flags: Flag.ephemeral })],
      ['createContainer with flags 2', (path) => op.createContainer(path, { flags: Flag.sequential })],
      ['create with the TTL flag', (path) => op.create(path, { flags: Flag.ttl })],
      ['createContainer with the TTL flag', (path) => op.createContainer(path, { flags: Flag.ttl })],
      ['createTTL with flags 0', (path) => op.createTtl(path, { flags: Flag.persistent })],
      ['createTTL with flags 1', (path) => op.createTtl(path, { flags: Flag.ephemeral })],
      ['createTTL with flags 9', (path) => op.createTtl(path, { flags: 9 })],
    ];
    for (const [index, [name, make]] of cases.entries()) {
      await a.create(`/flags/${index}`);
      await a.multi(name, make(`/flags/${index}/x`));
    }
  },
};

const failures: Scenario = {
  name: 'multi: failures',
  root: '/mf',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/mf');
    await a.create('/mf/there');
    await a.create('/mf/locked', { acl: [{ perms: Perm.read, scheme: 'world', id: 'anyone' }] });
    await a.multi('first fails', op.create('/mf/there'), op.create('/mf/x'), op.delete('/mf/there'));
    await a.multi('middle fails', op.create('/mf/x'), op.delete('/mf/none'), op.create('/mf/y'));
    await a.multi('last fails', op.create('/mf/x'), op.setData('/mf/there', 'z'), op.check('/mf/there', 0));
    await a.multi('two would fail', op.delete('/mf/none'), op.create('/mf/there'));
    await a.multi('a missing parent', op.create('/mf/none/x'));
    await a.multi('not empty', op.create('/mf/x'), op.create('/mf/x/y'), op.delete('/mf/x'));
    await a.multi('bad version of set', op.setData('/mf/there', 'x', 5));
    await a.multi('bad version of delete', op.delete('/mf/there', 5));
    await a.multi('no permission', op.create('/mf/x'), op.create('/mf/locked/x'));
    await a.multi('no permission to set', op.setData('/mf/locked', 'x'));
    await a.multi('invalid ACL', op.create('/mf/x', { acl: [] }));
    await a.multi('null ACL', op.create('/mf/x', { acl: null }));
    await a.multi('invalid path', op.create('/mf/x\u0001'));
    await a.multi('relative path', op.create('/mf/x'), op.create('relative'));
    await a.multi('relative path in set', op.setData('relative', 'x'));
    await a.multi('relative path in delete', op.delete('relative'));
    await a.multi('relative path in check', op.check('relative'));
    await a.multi('null path', op.create(null));
    await a.multi('null path after a success', op.create('/mf/x'), op.delete(null));
    await a.multi('empty path', op.create(''));
    await a.multi('root', op.delete('/'));
    await a.multi(
      'sequence numbers are not used up',
      op.create('/mf/s-', { flags: 2 }),
      op.create('/mf/s-', { flags: 2 }),
      op.check('/mf/none'),
    );
    await a.create('/mf/s-', { flags: 2 });
    await a.multi('delete then check', op.delete('/mf/there'), op.check('/mf/there'));
    await a.multi('check then delete', op.check('/mf/there', 0), op.delete('/mf/there'));
    const set = { type: Op.setData, body: requests.setData('/mf', 'x') };
    const failing = {
      type: Op.multi,
      body: requests.multi([op.setData('/mf', 'multi'), op.create('/mf/s-', { flags: 2 }), op.check('/mf/none')]),
    };
    const seq = { type: Op.create, body: requests.create('/mf/s-', { flags: 2 }) };
    await a.pipeline('a failing multi among writes in flight', set, seq, failing, seq, set, failing, seq);
  },
};

const shapes: Scenario = {
  name: 'multi: what may not be inside',
  root: '/ms',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/ms');
    const inside: [string, number, Buffer][] = [
      ['nested multi', Op.multi, requests.multi([])],
      ['exists', Op.exists, requests.watching('/ms')],
      ['getACL', Op.getAcl, requests.pathOnly('/ms')],
      ['setACL', Op.setAcl, requests.setAcl('/ms', requests.OPEN)],
      ['sync', Op.sync, requests.pathOnly('/ms')],
      ['ping', Op.ping, Buffer.alloc(0)],
      ['getChildren2', Op.getChildren2, requests.watching('/ms')],
      ['closeSession', Op.closeSession, Buffer.alloc(0)],
      ['error', Op.error, requests.versioned('/ms')],
      ['unknown', 99, Buffer.alloc(0)],
      ['deleteContainer', Op.deleteContainer, requests.versioned('/ms')],
    ];
    for (const [name, type, body] of inside) {
      await a.multi(`with ${name}`, { type, body });
      await a.multi(`create and ${name}`, op.create('/ms/x'), { type, body });
      await a.multiRead(`with ${name}`, { type, body });
    }
    await a.multi('of reads', op.getData('/ms'));
    await a.multi('a read and a write', op.getData('/ms'), op.create('/ms/x'));
    await a.multi('a write and a read', op.create('/ms/x'), op.getChildren('/ms'));
    const good = requests.multi([op.create('/ms/x')]);
    await a.raw('multi without its end', { type: Op.multi, body: good.subarray(0, good.length - 9) });
    await a.raw('multi with a cut end', { type: Op.multi, body: good.subarray(0, good.length - 1) });
    await a.raw('multi cut in an operation', { type: Op.multi, body: good.subarray(0, 20) });
    await a.raw('multi without a body', { type: Op.multi, body: Buffer.alloc(0) });
    await a.raw('multi with bytes after its end', { type: Op.multi, body: Buffer.concat([good, Buffer.from('abc')]) });
    const done = requests.multiHeader(Op.create, true, 0);
    await a.raw('multi ended by a header with a type', {
      type: Op.multi,
      body: Buffer.concat([requests.multiHeader(Op.create, false, 5), requests.create('/ms/y'), done]),
    });
  },
};

const readsOnly: Scenario = {
  name: 'multiRead',
  root: '/mr',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/mr', { data: 'r' });
    await a.create('/mr/c', { data: null });
    await a.create('/mr/secret', { data: 's', acl: [{ perms: Perm.write, scheme: 'world', id: 'anyone' }] });
    await a.multiRead('empty');
    await a.multiRead('data and children', op.getData('/mr'), op.getChildren('/mr'), op.getData('/mr/c'));
    await a.multiRead(
      'errors in between',
      op.getData('/mr/none'),
      op.getData('/mr'),
      op.getChildren('/mr/none'),
      op.getData('/mr/secret'),
      op.getChildren('/mr/secret'),
    );
    await a.multiRead('watch flags', op.getData('/mr', true), op.getChildren('/mr', true));
    await a.setData('/mr', 'watched?');
    await a.create('/mr/d');
    await a.multiRead('bad paths', op.getData('relative'), op.getData(''), op.getData('/mr/'));
    await a.multiRead('null path', op.getData(null));
    await a.multiRead('a write', op.create('/mr/x'));
    await a.multiRead('a read and a write', op.getData('/mr'), op.create('/mr/x'));
    await a.multiRead('a check', op.check('/mr'));
    await a.raw('multiRead without a body', { type: Op.multiRead, body: Buffer.alloc(0) });
  },
};

/** Scenarios of this file. */
export const multiScenarios: readonly Scenario[] = [writes, flags, failures, shapes, readsOnly];
