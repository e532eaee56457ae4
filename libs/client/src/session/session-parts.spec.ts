import { describe, expect, it } from '@jest/globals';
import { parseConnectString } from './connect-string.js';
import { pulse } from './heartbeat.js';
import { HostRotation } from './host-rotation.js';

describe('the connect string', () => {
  it.each([
    ['a', [{ host: 'a', port: 2181 }], ''],
    [
      'a:1,b:2',
      [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
      '',
    ],
    [
      'a:1, b/shop/x',
      [
        { host: 'a', port: 1 },
        { host: 'b', port: 2181 },
      ],
      '/shop/x',
    ],
    [
      '[::1]:9,[fe80::1]/',
      [
        { host: '::1', port: 9 },
        { host: 'fe80::1', port: 2181 },
      ],
      '',
    ],
  ])('%s', (text, hosts, chroot) => {
    expect(parseConnectString(text)).toEqual({ hosts, chroot });
  });

  it.each(['', 'a:0', 'a:65536', 'a:b', ':1', 'a,,b', '::1', 'a/b/', 'a/../b'])('%j is refused, by name', (text) => {
    expect(() => parseConnectString(text)).toThrow(/^connect: /);
  });
});

describe('the pulse of a connection with a timeout of 9 seconds', () => {
  it.each([
    ['waits for the next ping', 1000, 0, 0, { kind: 'wait', delayMs: 2000 }],
    ['pings after a third of silence on our side', 3000, 0, 2500, { kind: 'ping' }],
    ['is dead after two thirds of silence on the other', 6000, 5900, 0, { kind: 'dead' }],
    ['waits no longer than until it would be dead', 5000, 4900, 0, { kind: 'wait', delayMs: 1000 }],
  ])('%s', (_what, nowMs, sentMs, heardMs, expected) => {
    expect(pulse(nowMs, sentMs, heardMs, 9000)).toEqual(expected);
  });
});

describe('the rotation of hosts', () => {
  const backOff = { minMs: 100, maxMs: 1000 };
  const hosts = ['a', 'b', 'c'].map((host) => ({ host, port: 1 }));

  it('begins anywhere, and visits all before it waits', () => {
    const firsts = new Set<string>();
    for (let at = 0; at < 50; at += 1) {
      let n = at;
      const rotation = new HostRotation(hosts, () => (((n += 1) * 7919) % 101) / 101, backOff);
      const round = [1, 2, 3].map(() => rotation.next(false));
      expect(round.map(({ delayMs }) => delayMs)).toEqual([0, 0, 0]);
      expect(new Set(round.map(({ address }) => address.host)).size).toBe(3);
      expect(rotation.next(false).delayMs).toBeGreaterThan(0);
      firsts.add(round[0]!.address.host);
    }
    expect(firsts.size).toBe(3);
  });

  it('waits longer from round to round, up to a bound, and not in step', () => {
    const delays = (chance: number): number[] => {
      const rotation = new HostRotation(hosts.slice(0, 1), () => chance, backOff);
      return Array.from({ length: 8 }, () => rotation.next(false).delayMs);
    };
    expect(delays(0)).toEqual([0, 50, 100, 200, 400, 500, 500, 500]);
    expect(delays(0.5).at(-1)).toBe(750);
  });

  it('begins anew once a connection has worked', () => {
    const rotation = new HostRotation(hosts.slice(0, 1), () => 0.5, backOff);
    for (let at = 0; at < 5; at += 1) rotation.next(false);
    rotation.worked();
    expect(rotation.next(true).delayMs).toBeLessThan(100);
  });
});
