import { describe, expect, it } from '@jest/globals';
import type { Zxid } from '@corral/primitives';
import { RecordWriter, writeSetWatches2Request } from '@corral/wire';
import { needsSetWatches2, rearmRequests } from './rearm.js';

const none = { data: [], exists: [], children: [], persistent: [], recursive: [] };
const zxid = 7 as Zxid;

describe('the requests that set watches anew', () => {
  it('are none when nothing is watched', () => {
    expect(rearmRequests(none, zxid)).toEqual([]);
  });

  it('hold every path once, each in its list, and none is larger than allowed', () => {
    const paths = (kind: string): string[] => Array.from({ length: 3000 }, (_, n) => `/${kind}/é${n}`);
    const watched = {
      data: paths('d'),
      exists: paths('e'),
      children: paths('c'),
      persistent: paths('p'),
      recursive: paths('r'),
    };
    const requests = rearmRequests(watched, zxid, 10_000);
    expect(requests.length).toBeGreaterThan(10);
    for (const request of requests) {
      const writer = new RecordWriter();
      writeSetWatches2Request(writer, request);
      expect(writer.length).toBeLessThanOrEqual(10_000 + 64);
      expect(request.relativeZxid).toBe(zxid);
    }
    expect(requests.flatMap(({ dataWatches }) => dataWatches)).toEqual(watched.data);
    expect(requests.flatMap(({ existWatches }) => existWatches)).toEqual(watched.exists);
    expect(requests.flatMap(({ childWatches }) => childWatches)).toEqual(watched.children);
    expect(requests.flatMap(({ persistentWatches }) => persistentWatches)).toEqual(watched.persistent);
    expect(requests.flatMap((request) => request.persistentRecursiveWatches)).toEqual(watched.recursive);
  });

  it('need the newer form only for persistent watches', () => {
    expect(rearmRequests({ ...none, data: ['/a'] }, zxid).map(needsSetWatches2)).toEqual([false]);
    expect(rearmRequests({ ...none, recursive: ['/a'] }, zxid).map(needsSetWatches2)).toEqual([true]);
  });

  it('let a path through that is larger than allowed by itself', () => {
    expect(rearmRequests({ ...none, data: ['/a', `/${'x'.repeat(100)}`, '/b'] }, zxid, 50)).toHaveLength(3);
  });
});
