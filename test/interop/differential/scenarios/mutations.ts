/** Well-formed requests with a few bytes changed by a seed: both servers must reject, or accept, the same ones. */
import { Op } from '../raw/op-codes.js';
import * as requests from '../raw/requests.js';
import type { RawRequest } from '../stage/actor.js';
import { drawFrom, type Draw } from '../stage/draw.js';
import type { Session } from '../stage/session.js';
import type { Stage } from '../stage/stage.js';
import type { Scenario } from '../stage/scenario.js';

const REQUESTS = 120;
const SEEDS = [11, 12, 13];

const { op } = requests;

/** `check` is left out, since Apache does not answer one that holds; `createTTL`, since Apache ends on some. */
const WELL_FORMED: readonly RawRequest[] = [
  { type: Op.create, body: requests.create('/mutations/a', { data: 'data' }) },
  { type: Op.create, body: requests.create('/mutations/b-', { flags: 2, data: null }) },
  { type: Op.create2, body: requests.create('/mutations/c', { flags: 1 }) },
  { type: Op.createContainer, body: requests.create('/mutations/d', { flags: 4 }) },
  { type: Op.delete, body: requests.versioned('/mutations/a', 0) },
  { type: Op.exists, body: requests.watching('/mutations/a', true) },
  { type: Op.getData, body: requests.watching('/mutations/x', false) },
  { type: Op.setData, body: requests.setData('/mutations/x', 'changed', -1) },
  { type: Op.getAcl, body: requests.pathOnly('/mutations/x') },
  { type: Op.setAcl, body: requests.setAcl('/mutations/x', requests.OPEN, -1) },
  { type: Op.getChildren, body: requests.watching('/mutations', true) },
  { type: Op.getChildren2, body: requests.watching('/mutations', false) },
  { type: Op.sync, body: requests.pathOnly('/mutations') },
  {
    type: Op.multi,
    body: requests.multi([op.create('/mutations/m'), op.setData('/mutations/m', 'm', 0), op.delete('/mutations/m')]),
  },
  { type: Op.multiRead, body: requests.multi([op.getData('/mutations/x'), op.getChildren('/mutations')]) },
  {
    type: Op.setWatches,
    body: requests.setWatches(0n, { data: ['/mutations/x'], exist: ['/mutations/y'], child: ['/mutations'] }),
  },
  { type: Op.setWatches2, body: requests.setWatches2(0n, { data: ['/mutations/x'], persistent: ['/mutations/z'] }) },
  { type: Op.getEphemerals, body: requests.pathOnly('/mutations') },
  { type: Op.getAllChildrenNumber, body: requests.pathOnly('/mutations') },
  { type: Op.addWatch, body: requests.watchTyped('/mutations/q', 0) },
  { type: Op.removeWatches, body: requests.watchTyped('/mutations/x', 3) },
  { type: Op.reconfig, body: requests.reconfig('a', 'b', 'c') },
];

/** Values that decoders stumble over. */
const BYTES = [0, 1, 2, 4, 5, 0x2e, 0x2f, 0x7f, 0x80, 0xc3, 0xed, 0xf0, 0xfe, 0xff];

/**
 * Mostly changes bytes behind the first length, because a wrong length hides all that follows it, and never the zxid
 * that setWatches begins with, because zxids of two servers do not compare.
 */
function mutate({ type, body }: RawRequest, draw: Draw): Buffer {
  const kept = type === Op.setWatches || type === Op.setWatches2 ? 12 : 4;
  let mutated = Buffer.from(body);
  for (let changes = 1 + draw(2); changes > 0 && mutated.length > kept; changes -= 1) {
    const at = kept + draw(mutated.length - kept);
    const value = Buffer.of(BYTES[draw(BYTES.length)] ?? 0);
    const kind = draw(16);
    if (kind === 0) mutated = mutated.subarray(0, at);
    else if (kind === 1) mutated = Buffer.concat([mutated.subarray(0, at), value, mutated.subarray(at)]);
    else if (kind === 2) mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(at + 1)]);
    else if (kind === 3) value.copy(mutated, at - 4);
    else value.copy(mutated, at);
  }
  return mutated;
}

async function playMutations(stage: Stage, draw: Draw): Promise<void> {
  let session: Session | undefined;
  for (let count = 1; count <= REQUESTS; count += 1) {
    if (session === undefined) {
      session = await stage.session('a');
      await session.create('/mutations');
      await session.create('/mutations/x', { data: 'x' });
    }
    const request = WELL_FORMED[draw(WELL_FORMED.length)];
    if (request === undefined) throw new Error('nothing to mutate');
    const body = mutate(request, draw);
    const { error } = await session.raw(`type ${request.type} ${body.toString('hex')}`, { type: request.type, body });
    if (Number.isNaN(error)) session = undefined;
  }
}

/** Scenarios of this file. */
export const mutationScenarios: readonly Scenario[] = SEEDS.map((seed) => ({
  name: `mutations: seed ${seed}`,
  root: '/',
  play: (stage: Stage) => playMutations(stage, drawFrom(seed)),
}));
