import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { eitherSignal } from './either-signal.js';

describe('a signal made of two', () => {
  it.each([0, 1])('is aborted with the reason of number %i, before or after it is made', (which) => {
    const sources = [new AbortController(), new AbortController()] as const;
    const before = eitherSignal(sources[0].signal, sources[1].signal);
    sources[which]!.abort(new Error('enough'));
    const after = eitherSignal(sources[0].signal, sources[1].signal);
    for (const { signal } of [before, after]) expect(signal.reason).toEqual(new Error('enough'));
  });

  it('leaves nothing behind in those that it is made of', () => {
    const sources = [new AbortController(), new AbortController()] as const;
    const { release, signal } = eitherSignal(sources[0].signal, sources[1].signal);
    release();
    sources[0].abort();
    expect(signal.aborted).toBe(false);
    for (const source of sources) expect(getEventListeners(source.signal, 'abort')).toEqual([]);
  });
});
