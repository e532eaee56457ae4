/** What survives the end of the server, and the limit of connections. */
import { CLOSED } from '../raw/connection.js';
import { Flag } from '../raw/op-codes.js';
import { op } from '../raw/requests.js';
import type { Scenario } from '../stage/scenario.js';

const restarts: Scenario = {
  name: 'restart: nodes, sessions and counters',
  root: '/restart',
  play: async (stage) => {
    const a = await stage.session('a', { timeoutMs: 40_000 });
    await a.create('/restart', { data: 'root' });
    await a.create('/restart/null', { data: null });
    await a.create('/restart/empty', { data: '' });
    await a.create('/restart/locked', { acl: [{ perms: 1, scheme: 'ip', id: '10.0.0.0/8' }] });
    await a.create('/restart/e', { flags: Flag.ephemeral, data: 'e' });
    await a.create('/restart/s-', { flags: Flag.sequential });
    await a.createContainer('/restart/container');
    await a.create('/restart/container/child');
    await a.createTtl('/restart/ttl', { ttl: 3_600_000n });
    await a.setData('/restart/empty', 'changed');
    await a.setAcl('/restart/empty', [{ perms: 31, scheme: 'world', id: 'anyone' }]);
    await a.create('/restart/gone');
    await a.delete('/restart/gone');
    await a.multi('before the end', op.create('/restart/m', { data: 'm' }), op.setData('/restart/m', 'm2'));
    await a.create('/restart/m');
    await a.getData('/restart/empty', true);
    await stage.restart('SIGKILL');
    const back = await stage.session('back', { sessionId: a.id, password: a.password, timeoutMs: 40_000 });
    await back.getEphemerals('/');
    await back.setData('/restart/empty', 'no watch is left');
    await back.create('/restart/s-', { flags: Flag.sequential });
    await back.create('/restart/e2', { flags: Flag.ephemeral });
    await back.delete('/restart/e', 0);
    await stage.restart('SIGTERM');
    await stage.session('wrong', { sessionId: a.id, password: Buffer.alloc(16) });
    const third = await stage.session('third', { sessionId: a.id, password: a.password });
    await third.setWatches('after the restart', stage.naming.startZxid, { data: ['/restart', '/restart/gone'] });
    await third.closeSession();
    const fourth = await stage.session('fourth');
    await fourth.getChildren2('/restart');
    await fourth.create('/restart/s-', { flags: Flag.ephemeralSequential });
  },
};

/** Played with TTL nodes on. */
export const restartScenarios: readonly Scenario[] = [restarts];

const connections: Scenario = {
  name: 'limits: connections of one address',
  play: async (stage) => {
    await stage.session('first');
    const second = await stage.session('second');
    // With the observer's that makes three.
    await stage.session('one too many');
    const stranger = await stage.dial('stranger');
    stage.record('a connection that sends nothing', { answer: (await stranger.connection.nextFrame()) === CLOSED });
    await second.closeSession();
    await stage.session('in the freed place');
  },
};

const bounds: Scenario = {
  name: 'limits: session timeouts',
  play: async (stage) => {
    for (const timeoutMs of [0, 999, 1000, 3000, 5000, 5001, 60_000]) {
      await stage.session(`timeout-${timeoutMs}`, { timeoutMs }).then((session) => session.closeSession());
    }
  },
};

/** Played with `maxClientCnxns=3`, `minSessionTimeout=1000`, `maxSessionTimeout=5000`. */
export const limitScenarios: readonly Scenario[] = [connections, bounds];
