/** Sessions: the handshake, timeouts, moving to another connection, closing, expiry. */
import { CLOSED, frame } from '../raw/connection.js';
import { Flag, Op } from '../raw/op-codes.js';
import * as requests from '../raw/requests.js';
import type { Scenario } from '../stage/scenario.js';

const handshakes: Scenario = {
  name: 'sessions: handshake',
  play: async (stage) => {
    await stage.session('plain');
    await stage.session('old-client', { readOnly: 'absent' });
    await stage.session('read-only', { readOnly: true });
    await stage.session('protocol-9', { protocolVersion: 9 });
    for (const timeoutMs of [0, -1, 1, 3999, 4000, 4001, 39_999, 40_000, 40_001, 0x7fffffff, -0x80000000]) {
      await stage.session(`timeout-${timeoutMs}`, { timeoutMs });
    }
    await stage.session('password-null', { password: null });
    await stage.session('password-empty', { password: Buffer.alloc(0) });
    await stage.session('password-5', { password: Buffer.alloc(5, 1) });
    await stage.session('password-100', { password: Buffer.alloc(100, 1) });
    await stage.session('zxid-negative', { lastZxidSeen: -1n });
    await stage.session('zxid-seen', { lastZxidSeen: stage.naming.startZxid });
    await stage.session('zxid-ahead', { lastZxidSeen: stage.naming.startZxid + 100_000n });
    await stage.session('zxid-epoch-ahead', { lastZxidSeen: 1n << 40n });
    await stage.session('zxid-max', { lastZxidSeen: 0x7fffffffffffffffn });
    await stage.session('unknown-id', { sessionId: 0x1234n });
    await stage.session('unknown-id-old-client', { sessionId: 0x1234n, readOnly: 'absent' });
    await stage.session('unknown-id-zxid-ahead', { sessionId: 0x1234n, lastZxidSeen: 1n << 40n });
    await stage.session('id-minus-1', { sessionId: -1n });
  },
};

/** First frames that are no handshake. */
const FIRST: readonly (readonly [string, Buffer])[] = [
  ['an empty frame', frame(Buffer.alloc(0))],
  ['a frame of 4 bytes', frame(Buffer.alloc(4))],
  ['a handshake cut in its password', frame(requests.handshake().subarray(0, 35))],
  ['a handshake without a password', frame(requests.handshake().subarray(0, 24))],
  [
    'a password longer than the frame',
    frame(Buffer.concat([requests.handshake().subarray(0, 24), Buffer.from('000000ff', 'hex')])),
  ],
  [
    'a password of length -2',
    frame(Buffer.concat([requests.handshake().subarray(0, 24), Buffer.from('fffffffe', 'hex')])),
  ],
  ['a length of -1', Buffer.from('ffffffff', 'hex')],
  ['a length of -2147483648', Buffer.from('80000000', 'hex')],
  ['a length over jute.maxbuffer', Buffer.from('00100000', 'hex')],
  ['an HTTP request', Buffer.from('GET / HTTP/1.0\r\n\r\n')],
  ['a word in capitals', Buffer.from('RUOK')],
  ['a TLS hello', Buffer.from('16030100a5010000a10303', 'hex')],
  ['the close of telnet', Buffer.from('fff4fffd', 'hex')],
];

const firstFrames: Scenario = {
  name: 'sessions: first bytes that are no handshake',
  play: async (stage) => {
    for (const [name, bytes] of FIRST) {
      const actor = await stage.dial('stranger');
      actor.connection.write(bytes);
      const answer = await actor.connection.nextFrame();
      stage.record(name, { answer: answer === CLOSED ? 'connection closed' : answer.toString('hex') });
    }
    const trailing = await stage.dial('trailing');
    trailing.connection.writeFrame(Buffer.concat([requests.handshake(), Buffer.from([1, 2, 3])]));
    const answer = await trailing.connection.nextFrame();
    stage.record('a handshake with bytes after it', { length: answer === CLOSED ? 'closed' : answer.length });
    const flag = await stage.dial('flag');
    flag.connection.writeFrame(Buffer.concat([requests.handshake({ readOnly: 'absent' }), Buffer.from([7])]));
    const reply = await flag.connection.nextFrame();
    stage.record('a read-only byte of 7', { last: reply === CLOSED ? 'closed' : reply.at(-1) });
    const eager = await stage.dial('eager');
    const exists = frame(requests.request(1, Op.exists, requests.watching('/')));
    eager.connection.write(Buffer.concat([frame(requests.handshake()), exists]));
    const lengths: (number | string)[] = [];
    for (let count = 0; count < 2; count += 1) {
      const next = await eager.connection.nextFrame();
      lengths.push(next === CLOSED ? 'closed' : next.length);
    }
    stage.record('a request right behind the handshake', { lengths });
    const slow = await stage.dial('slow');
    for (const byte of frame(requests.handshake())) slow.connection.write(Buffer.from([byte]));
    const slowly = await slow.connection.nextFrame();
    stage.record('a handshake byte by byte', { length: slowly === CLOSED ? 'closed' : slowly.length });
  },
};

const moving: Scenario = {
  name: 'sessions: moving to another connection',
  root: '/move',
  play: async (stage) => {
    const a = await stage.session('a');
    const other = await stage.session('other');
    await a.create('/move');
    await a.create('/move/e', { flags: Flag.ephemeral });
    await a.getData('/move', true);
    const moved = await stage.session('moved', { sessionId: a.id, password: a.password, timeoutMs: 12_000 });
    await moved.getData('/move/e');
    await other.setData('/move', 'the watch stayed behind');
    await moved.setWatches('after the move', stage.naming.startZxid, { data: ['/move'] });
    await moved.getEphemerals('/');
    const zxid = stage.naming.latestZxid;
    const again = await stage.session('again', {
      sessionId: a.id,
      password: a.password,
      readOnly: 'absent',
      lastZxidSeen: zxid,
    });
    await again.exists('/move/e');
    await stage.session('same-zxid-ahead', { sessionId: a.id, password: a.password, lastZxidSeen: 1n << 40n });
    await again.exists('/move/e');
    await again.closeSession();
    await stage.look('after the close');
    await stage.session('after-close', { sessionId: a.id, password: a.password });
    await other.exists('/move/e');
  },
};

const wrongPassword: Scenario = {
  name: 'sessions: a wrong password',
  root: '/wrong',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/wrong');
    await a.create('/wrong/e', { flags: Flag.ephemeral });
    await stage.session('thief', { sessionId: a.id, password: Buffer.alloc(16, 9) });
    await stage.look('what the thief has done');
    await stage.session('owner', { sessionId: a.id, password: a.password });
    await stage.session('null-password', { sessionId: a.id, password: null });
    await stage.session('short-password', { sessionId: a.id, password: a.password.subarray(0, 15) });
    await stage.session('long-password', { sessionId: a.id, password: Buffer.concat([a.password, Buffer.alloc(1)]) });
    await stage.session('owner-again', { sessionId: a.id, password: a.password });
  },
};

const closing: Scenario = {
  name: 'sessions: closing',
  root: '/closing',
  play: async (stage) => {
    const a = await stage.session('a');
    const b = await stage.session('b');
    await a.create('/closing');
    await b.create('/closing/e', { flags: Flag.ephemeral });
    await b.create('/closing/s-', { flags: Flag.ephemeralSequential });
    await b.create('/closing/persistent');
    await a.create('/closing/mine', { flags: Flag.ephemeral });
    await a.getData('/closing/e', true);
    await a.delete('/closing/s-0000000001');
    await b.closeSession();
    const c = await stage.session('c');
    await c.create('/closing/c1', { flags: Flag.ephemeral });
    await a.getChildren('/closing', true);
    await c.closeSession();
    const d = await stage.session('d');
    const close = { type: Op.closeSession, body: Buffer.alloc(0) };
    const create = { type: Op.create, body: requests.create('/closing/d', { flags: Flag.ephemeral }) };
    await a.exists('/closing/d', true);
    await d.pipeline('create and close in one write', create, close);
    const e = await stage.session('e');
    for (const name of ['1', '2', '3']) await e.create(`/closing/e${name}`, { flags: Flag.ephemeral });
    await e.closeSession();
    await a.create('/closing/locked');
    const g = await stage.session('g');
    await g.create('/closing/locked/e', { flags: Flag.ephemeral, acl: [{ perms: 0, scheme: 'world', id: 'anyone' }] });
    await a.setAcl('/closing/locked', [{ perms: 0, scheme: 'world', id: 'anyone' }]);
    await g.delete('/closing/locked/e');
    await a.exists('/closing/locked/e', true);
    await g.closeSession();
    const f = await stage.session('f');
    await f.raw('close with a body', { type: Op.closeSession, body: Buffer.from('body') });
  },
};

/** Scenarios of this file. */
export const sessionScenarios: readonly Scenario[] = [handshakes, firstFrames, moving, wrongPassword, closing];

const expiry: Scenario = {
  name: 'sessions: expiry',
  root: '/expiry',
  play: async (stage) => {
    const a = await stage.session('a');
    const gone = await stage.session('gone', { timeoutMs: 1_000 });
    await a.create('/expiry');
    await gone.create('/expiry/e', { flags: Flag.ephemeral });
    await a.exists('/expiry/e', true);
    stage.drop(gone);
    await stage.await(a, 'the ephemeral of a lost client goes');
    await stage.look('after the expiry');
    await stage.session('late', { sessionId: gone.id, password: gone.password });
    const back = await stage.session('back', { timeoutMs: 20_000 });
    await back.create('/expiry/back', { flags: Flag.ephemeral });
    stage.drop(back);
    const returned = await stage.session('returned', {
      sessionId: back.id,
      password: back.password,
      timeoutMs: 20_000,
    });
    await returned.getData('/expiry/back');
    const silent = await stage.session('silent', { timeoutMs: 1_000 });
    await stage.await(silent, 'a client that is silent is disconnected');
    await stage.session('silent-again', { sessionId: silent.id, password: silent.password });
  },
};

/** Needs a short tick. */
export const expiryScenarios: readonly Scenario[] = [expiry];
