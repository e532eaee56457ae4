import { beforeEach, describe, expect, it } from '@jest/globals';
import { AllowList } from './allow-list.js';

describe('the allow-list of members', () => {
  let nowMs = 0;
  let addresses: Record<string, string[]>;
  let lookups = 0;

  const list = (hosts: string[], everybody = false): AllowList =>
    new AllowList({
      hosts,
      everybody,
      monotonicMs: () => nowMs,
      resolve: (host) => {
        lookups += 1;
        return Promise.resolve(addresses[host] ?? []);
      },
    });

  beforeEach(() => {
    nowMs = 0;
    lookups = 0;
    addresses = {};
  });

  it('knows addresses as they are, also of dual-stack sockets', () => {
    expect(list(['10.0.0.1']).isKnown('10.0.0.1')).toBe(true);
    expect(list(['10.0.0.1']).isKnown('::ffff:10.0.0.1')).toBe(true);
    expect(list(['10.0.0.1']).isKnown('10.0.0.2')).toBe(false);
  });

  it('looks names up when an unknown address appears, so that a member may move', async () => {
    addresses = { zk1: ['10.0.0.1'] };
    const allowed = list(['zk1']);
    expect(await allowed.allows('10.0.0.1')).toBe(true);
    expect(await allowed.allows('10.0.0.9')).toBe(false);
    addresses = { zk1: ['10.0.0.9'] };
    nowMs = 5_000;
    expect(await allowed.allows('10.0.0.9')).toBe(true);
  });

  it('does not let strangers make it look up names all the time', async () => {
    const allowed = list(['zk1']);
    for (let knock = 0; knock < 100; knock += 1) expect(await allowed.allows('10.0.0.66')).toBe(false);
    expect(lookups).toBe(1);
  });

  it('lets everybody in when told so', () => {
    expect(list([], true).isKnown('10.0.0.66')).toBe(true);
  });
});
