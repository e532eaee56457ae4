import { describe, expect, it } from '@jest/globals';
import type { Caller } from '../security/access.js';
import { OpenStreams } from './open-streams.js';

const ada: Caller = { name: 'ada', grants: [] };
const bob: Caller = { name: 'bob', grants: [] };

describe('open streams', () => {
  it('end when the token of their caller is taken back, and only then', () => {
    const known = new Set([ada, bob]);
    const streams = new OpenStreams(10, (caller) => known.has(caller));
    const [hers, his, unasked] = [streams.enter(), streams.enter(), streams.enter()];
    hers.isFor(ada);
    his.isFor(bob);
    known.delete(ada);
    streams.recheck();
    expect(hers.signal.reason).toMatchObject({
      kind: 'unauthenticated',
      detail: 'the token "ada" was changed or taken back',
    });
    expect([his.signal.aborted, unasked.signal.aborted]).toEqual([false, false]);
  });

  it('end at once for a caller whose token was taken back while he came in', () => {
    const streams = new OpenStreams(10, () => false);
    const late = streams.enter();
    late.isFor(ada);
    expect(late.signal.aborted).toBe(true);
  });

  it('are counted, bounded, and ended when the platform stops', () => {
    const streams = new OpenStreams(2);
    const [one] = [streams.enter(), streams.enter()];
    expect(() => streams.enter()).toThrow('2 streams are open');
    one.leave();
    const third = streams.enter();
    expect(streams.count).toBe(2);
    streams.stop();
    expect(third.signal.reason).toMatchObject({ kind: 'stopping' });
    expect(() => streams.enter()).toThrow('stopping');
  });
});
