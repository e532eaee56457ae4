import { describe, expect, it } from '@jest/globals';
import { decodeAck, encodeAck } from '../layout/ack.js';
import { ackName } from '../layout/paths.js';
import { answerOf, reportOf } from './acknowledgement.js';
import type { SubscriberInfo } from './types.js';

const scope = { namespace: 'shop', application: 'cart' };
const subscriber = (instanceId: string, release: number, failed?: number): SubscriberInfo => ({
  instanceId,
  profiles: [],
  labels: {},
  release,
  defaultsRelease: 0,
  ...(failed === undefined ? {} : { failed: { release: failed, defaultsRelease: 0, error: 'port is taken' } }),
});

describe('acknowledgements', () => {
  it('of a release are those of it or of a newer one', () => {
    expect(answerOf(subscriber('a', 5), scope, 5)).toBe('acknowledged');
    expect(answerOf(subscriber('a', 6), scope, 5)).toBe('acknowledged');
    expect(answerOf(subscriber('a', 4), scope, 5)).toBe('lagging');
    expect(answerOf(subscriber('a', 4, 5), scope, 5)).toBe('failed');
    expect(answerOf(subscriber('a', 3, 4), scope, 5)).toBe('lagging');
  });

  it('of the defaults are counted by their own number', () => {
    expect(answerOf({ ...subscriber('a', 9), defaultsRelease: 2 }, { namespace: 'shop' }, 3)).toBe('lagging');
    expect(answerOf({ ...subscriber('a', 0), defaultsRelease: 3 }, { namespace: 'shop' }, 3)).toBe('acknowledged');
  });

  it('are summed up with the names of those that lag or failed, and their errors', () => {
    const all = [subscriber('a', 5), subscriber('b', 4), subscriber('c', 4, 5), subscriber('d', 5)];
    expect(reportOf(scope, 5, all, 0.5)).toEqual({
      release: 5,
      subscribers: 4,
      acknowledged: 2,
      reached: true,
      lagging: ['b'],
      failed: [{ instanceId: 'c', error: 'port is taken' }],
      laggingCount: 1,
      failedCount: 1,
    });
    expect(reportOf(scope, 5, all, 0.51).reached).toBe(false);
    expect(reportOf(scope, 5, [], 1)).toMatchObject({ reached: true, subscribers: 0 });
  });

  it('name a bounded number and count all', () => {
    const report = reportOf(
      scope,
      5,
      Array.from({ length: 500 }, (_, i) => subscriber(`i${i}`, 4)),
      1,
    );
    expect([report.lagging.length, report.laggingCount]).toEqual([100, 500]);
  });

  it('are read back from their znode; one that cannot be read says nothing', () => {
    const data = { release: 3, defaultsRelease: 1, labels: { zone: 'eu' }, failed: undefined };
    const name = ackName(['dev', 'eu'], 'cart-1');
    expect(decodeAck(name, Buffer.from(encodeAck(data)))).toMatchObject({
      instanceId: 'cart-1',
      profiles: ['dev', 'eu'],
      release: 3,
    });
    expect(decodeAck(name, Buffer.from('{'))).toMatchObject({ instanceId: 'cart-1', release: 0 });
    const long = encodeAck({ ...data, failed: { release: 4, defaultsRelease: 1, error: 'x'.repeat(5000) } });
    expect(long.length).toBeLessThan(1200);
  });
});
