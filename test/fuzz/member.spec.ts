/** Damaged and impolite requests: the member answers or closes, goes on serving, and logs only what it can replay. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readClientGoldens } from '@corral/wire/testing';
import { Prng } from '../prng.js';
import { FuzzedMember } from './fuzzed-member.js';
import { fuzzSeed, inputs } from './inputs.js';
import { mutate } from './mutate.js';
import { anyRequestFrame } from './request-frames.js';

const XID_AND_TYPE_BYTES = 8;
const requests = readClientGoldens()
  .filter(({ direction, name }) => direction === '>' && name !== 'connect')
  .map(({ bytes }) => bytes);

/** The member after its ordeal: what it logged must lead another one to the same tree. */
function expectReplayable(member: FuzzedMember): void {
  expect(member.summaryAfterReplay()).toEqual(member.summary());
}

describe('a member', () => {
  it(`survives ${inputs(50_000)} damaged requests`, () => {
    const seed = fuzzSeed();
    const prng = new Prng(seed);
    const member = new FuzzedMember();
    for (let i = 0; i < inputs(50_000); i += 1) {
      // With the type left as it is, the damage reaches further into the operation.
      const intact = prng.chance(0.6) ? XID_AND_TYPE_BYTES : 0;
      const frame = mutate(prng.pick(requests), requests, prng, intact);
      try {
        member.send(frame);
        if (i % 500 === 0) member.pass(5_000);
      } catch (error) {
        throw new Error(`seed ${seed}, input ${i}: ${frame.toString('hex')}`, { cause: error });
      }
    }
    // Neither of these may be all there was: then the inputs never got anywhere.
    expect(member.closedCount).toBeGreaterThan(100);
    expect(member.answeredBytes).toBeGreaterThan(100_000);
    expectReplayable(member);
  }, 120_000);

  it(`survives ${inputs(20_000)} generated requests`, () => {
    const member = new FuzzedMember();
    let count = 0;
    fc.assert(
      fc.property(anyRequestFrame, (frame) => {
        count += 1;
        member.send(frame);
        if (count % 500 === 0) member.pass(5_000);
      }),
      { numRuns: inputs(20_000), seed: fuzzSeed() },
    );
    expect(member.answeredBytes).toBeGreaterThan(100_000);
    expectReplayable(member);
  }, 120_000);
});
