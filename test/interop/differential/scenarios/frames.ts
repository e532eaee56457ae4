/** Requests that are malformed, unknown, or not a client's to send. */
import { FieldWriter } from '../raw/bytes.js';
import { CLOSED, frame } from '../raw/connection.js';
import { Op } from '../raw/op-codes.js';
import * as requests from '../raw/requests.js';
import type { Stage } from '../stage/stage.js';
import type { Scenario } from '../stage/scenario.js';

type Case = readonly [label: string, bytes: Buffer];

const request = (type: number, body: Uint8Array = Buffer.alloc(0), xid = 1): Buffer =>
  frame(requests.request(xid, type, body));
const fields = (): FieldWriter => new FieldWriter();

/** Plays each case on a session of its own, since many end the connection. */
async function playEach(stage: Stage, cases: readonly Case[], thenPing = true): Promise<void> {
  for (const [label, bytes] of cases) {
    const session = await stage.session('a');
    await session.bytes(label, bytes, thenPing);
    stage.drop(session);
  }
}

const lengths: Scenario = {
  name: 'frames: lengths',
  play: async (stage) => {
    await playEach(stage, [
      ['an empty frame', frame(Buffer.alloc(0))],
      ['4 bytes', frame(Buffer.alloc(4))],
      ['7 bytes', frame(Buffer.alloc(7))],
      ['length -1', Buffer.from('ffffffff', 'hex')],
      ['length -2147483648', Buffer.from('80000000', 'hex')],
      ['length over jute.maxbuffer', Buffer.from('00100000', 'hex')],
      ['a four-letter word', Buffer.from('ruok')],
    ]);
    // Read as a request of type 0.
    await playEach(stage, [['a second handshake', frame(requests.handshake())]], false);
  },
};

const unknown: Scenario = {
  name: 'frames: types a client must not send',
  root: '/frames',
  play: async (stage) => {
    const setup = await stage.session('setup');
    await setup.create('/frames');
    await setup.createContainer('/frames/container');
    await playEach(
      stage,
      [0, 10, 23, 24, 99, 108, 109, 1000, 0x7fffffff, -1, -2, -3, -9, -12, -100, -0x80000000].map(
        (type) => [`type ${type}`, request(type, type === 24 ? Buffer.from('body') : Buffer.alloc(0))] as const,
      ),
      // Whether a ping behind such a request is answered before the connection ends is up to Apache's threads.
      false,
    );
    await playEach(stage, [
      ['createSession without a body', request(Op.createSession)],
      ['createSession with 3 bytes', request(Op.createSession, Buffer.alloc(3))],
      ['deleteContainer with a bare path', request(Op.deleteContainer, Buffer.from('/frames/container'))],
      ['deleteContainer as a delete', request(Op.deleteContainer, requests.versioned('/frames/container'))],
      ['deleteContainer without a body', request(Op.deleteContainer)],
      ['sasl with a token', request(Op.sasl, fields().buffer('token').toBuffer())],
      ['sasl with an empty token', request(Op.sasl, fields().buffer('').toBuffer())],
      ['sasl with a null token', request(Op.sasl, fields().buffer(null).toBuffer())],
      ['sasl without a body', request(Op.sasl)],
      ['reconfig of a member', request(Op.reconfig, requests.reconfig('server.2=h:1:2;3', null, null))],
      ['reconfig of all members', request(Op.reconfig, requests.reconfig(null, null, 'server.2=h:1:2;3', 5n))],
      ['reconfig of nothing', request(Op.reconfig, requests.reconfig(null, null, null))],
      ['reconfig without a body', request(Op.reconfig)],
      ['auth without a body', request(Op.auth)],
      ['auth cut short', request(Op.auth, requests.auth('digest', 'u:p').subarray(0, 8))],
    ]);
    const session = await stage.session('a');
    session.actor.connection.write(request(Op.createSession, fields().int(5000).toBuffer()));
    const answer = await session.actor.connection.nextFrame();
    stage.record('createSession with a timeout', { frameBytes: answer === CLOSED ? 'closed' : answer.length });
    stage.drop(session);
    await setup.exists('/frames/container');
  },
};

/** Every request whose body starts with a path, complete and well-formed. */
const BODIES: readonly (readonly [string, number, Buffer])[] = [
  ['create', Op.create, requests.create('/cut')],
  ['create2', Op.create2, requests.create('/cut')],
  ['createContainer', Op.createContainer, requests.create('/cut', { flags: 4 })],
  ['createTTL', Op.createTtl, requests.createTtl('/cut')],
  ['delete', Op.delete, requests.versioned('/cut')],
  ['exists', Op.exists, requests.watching('/cut')],
  ['getData', Op.getData, requests.watching('/cut')],
  ['setData', Op.setData, requests.setData('/cut', 'x')],
  ['getACL', Op.getAcl, requests.pathOnly('/cut')],
  ['setACL', Op.setAcl, requests.setAcl('/cut', requests.OPEN)],
  ['getChildren', Op.getChildren, requests.watching('/cut')],
  ['getChildren2', Op.getChildren2, requests.watching('/cut')],
  ['sync', Op.sync, requests.pathOnly('/cut')],
  ['check', Op.check, requests.versioned('/cut')],
  ['multi', Op.multi, requests.multi([requests.op.create('/cut')])],
  ['multiRead', Op.multiRead, requests.multi([requests.op.getData('/cut')])],
  ['getEphemerals', Op.getEphemerals, requests.pathOnly('/cut')],
  ['getAllChildrenNumber', Op.getAllChildrenNumber, requests.pathOnly('/cut')],
  ['setWatches', Op.setWatches, requests.setWatches(0n, { data: ['/cut'] })],
  ['setWatches2', Op.setWatches2, requests.setWatches2(0n, { data: ['/cut'] })],
  ['addWatch', Op.addWatch, requests.watchTyped('/cut', 0)],
  ['removeWatches', Op.removeWatches, requests.watchTyped('/cut', 3)],
  ['checkWatches', Op.checkWatches, requests.watchTyped('/cut', 3)],
  ['reconfig', Op.reconfig, requests.reconfig('a', 'b', 'c')],
];

const truncated: Scenario = {
  name: 'frames: bodies cut short or with a wrong length',
  root: '/cut',
  play: async (stage) => {
    const a = await stage.session('a');
    for (const [name, type, body] of BODIES) {
      await a.raw(`${name} without a body`, { type, body: Buffer.alloc(0) });
      await a.raw(`${name} cut in a length`, { type, body: body.subarray(0, 2) });
      await a.raw(`${name} cut in the first field`, { type, body: body.subarray(0, 7) });
      await a.raw(`${name} without its last byte`, { type, body: body.subarray(0, body.length - 1) });
      for (const length of ['000000ff', '7fffffff', '80000000', 'fffffffe']) {
        const wrong = Buffer.from(body);
        wrong.write(length, 0, 'hex');
        await a.raw(`${name} with a first length of 0x${length}`, { type, body: wrong });
      }
    }
    await a.exists('/cut');
  },
};

const trailing: Scenario = {
  name: 'frames: bytes after the last field',
  root: '/tail',
  play: async (stage) => {
    const a = await stage.session('a');
    const tail = Buffer.from('tail');
    const { op } = requests;
    await a.raw('create', { type: Op.create, body: Buffer.concat([requests.create('/tail'), tail]) });
    const bodies: [string, number, Buffer][] = [
      ['create2', Op.create2, requests.create('/tail/2')],
      ['createTTL fields for create', Op.create, requests.createTtl('/tail/3', { flags: 0 })],
      ['exists', Op.exists, requests.watching('/tail')],
      ['getData', Op.getData, requests.watching('/tail')],
      ['setData', Op.setData, requests.setData('/tail', 'x')],
      ['getACL', Op.getAcl, requests.pathOnly('/tail')],
      ['setACL', Op.setAcl, requests.setAcl('/tail', requests.OPEN)],
      ['getChildren', Op.getChildren, requests.watching('/tail')],
      ['sync', Op.sync, requests.pathOnly('/tail')],
      ['multi', Op.multi, requests.multi([op.check('/tail')])],
      ['multiRead', Op.multiRead, requests.multi([op.getData('/tail')])],
      ['setWatches', Op.setWatches, requests.setWatches(0n, {})],
      ['whoAmI', Op.whoAmI, Buffer.alloc(0)],
      ['addWatch', Op.addWatch, requests.watchTyped('/tail', 0)],
      ['delete', Op.delete, requests.versioned('/tail/2')],
      ['ping', Op.ping, Buffer.alloc(0)],
    ];
    for (const [name, type, body] of bodies) {
      const xid = type === Op.ping ? { xid: -2 } : {};
      await a.raw(`${name} and four bytes`, { type, body: Buffer.concat([body, tail]), ...xid });
    }
  },
};

const vectors: Scenario = {
  name: 'frames: counts of vectors',
  root: '/vectors',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/vectors');
    for (const count of [-1, -2, -0x80000000, 2, 0x7fffffff]) {
      const entry = count < 0 ? Buffer.alloc(0) : fields().int(31).string('world').string('anyone').toBuffer();
      const list = fields().string('/vectors/x').buffer('').int(count).bytes(entry).int(0);
      await a.raw(`create with ${count} ACL entries`, { type: Op.create, body: list.toBuffer() });
      const set = fields().string('/vectors').int(count).bytes(entry).int(-1);
      await a.raw(`setACL with ${count} entries`, { type: Op.setAcl, body: set.toBuffer() });
      const path = count < 0 ? Buffer.alloc(0) : fields().string('/vectors').toBuffer();
      const watches = fields().long(0n).int(count).bytes(path).int(0).int(0);
      await a.raw(`setWatches with ${count} paths`, { type: Op.setWatches, body: watches.toBuffer() });
    }
    await a.raw('data of length -2', {
      type: Op.setData,
      body: fields().string('/vectors').int(-2).int(-1).toBuffer(),
    });
  },
};

const xids: Scenario = {
  name: 'frames: xids',
  root: '/xids',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/xids');
    for (const xid of [0, -2, -4, -8, -3, 0x7fffffff, -0x80000000]) {
      await a.raw(`exists with xid ${xid}`, { type: Op.exists, body: requests.watching('/xids'), xid });
      await a.raw(`setData with xid ${xid}`, { type: Op.setData, body: requests.setData('/xids', 'x'), xid });
    }
    await a.bytes('ping with xid 77', frame(requests.request(77, Op.ping)), false);
    const exists = { type: Op.exists, body: requests.watching('/xids') };
    await a.pipeline('descending xids', { ...exists, xid: 9 }, { ...exists, xid: 8 }, { ...exists, xid: 7 });
    await a.pipeline('the same xid twice', { ...exists, xid: 5 }, { ...exists, xid: 5 });
  },
};

const check: Scenario = {
  name: 'frames: check outside a multi',
  root: '/check',
  play: async (stage) => {
    const a = await stage.session('a');
    await a.create('/check');
    await a.bytes('check that holds', request(Op.check, requests.versioned('/check', 0)));
    await a.bytes('check of any version', request(Op.check, requests.versioned('/check')));
    await a.check('/check', 1);
    await a.check('/check/none');
    await a.exists('/check');
  },
};

/** Scenarios of this file. */
export const frameScenarios: readonly Scenario[] = [lengths, unknown, truncated, trailing, vectors, xids, check];
