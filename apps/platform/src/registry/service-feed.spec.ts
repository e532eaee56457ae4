import { describe, expect, it } from '@jest/globals';
import type { DeltaUpdate, FullUpdate, ServiceInstance } from '@corral/registry';
import { ServiceFeed } from './service-feed.js';

const base = { service: 'web', guarded: false, stale: false };
const instance = (id: string): ServiceInstance => ({
  service: 'web',
  id,
  address: '10.0.0.1',
  metadata: {},
  weight: 1,
  status: 'UP',
  health: 'unknown',
  registeredAtMs: 0,
  serviceType: 'DYNAMIC',
});
const full = (revision: string, ...ids: string[]): FullUpdate => ({
  ...base,
  kind: 'full',
  revision,
  instances: ids.map(instance),
});
const delta = (revision: string, change: Partial<DeltaUpdate>): DeltaUpdate => ({
  ...base,
  kind: 'delta',
  revision,
  added: [],
  updated: [],
  removed: [],
  ...change,
});

function feedWith(...updates: (FullUpdate | DeltaUpdate)[]): ServiceFeed {
  const feed = new ServiceFeed('web');
  for (const update of updates) feed.accept(update);
  return feed;
}

describe("a service's feed", () => {
  it('knows nothing before the first state', () => {
    expect(feedWith().state).toBeUndefined();
    expect(feedWith().since(undefined)).toEqual([]);
  });

  it('gives the whole state to whoever is new, and only the changes to whoever resumes', () => {
    const feed = feedWith(full('1', 'a'), delta('2', { added: [instance('b')] }), delta('3', { removed: ['a'] }));
    const [state] = feed.since(undefined);
    expect(JSON.parse(state?.text ?? '')).toMatchObject({ revision: '3', instances: [{ id: 'b' }] });
    expect(feed.since('2').map(({ kind, revision }) => [kind, revision])).toEqual([['delta', '3']]);
    expect(feed.since('1').map(({ revision }) => revision)).toEqual(['2', '3']);
    expect(feed.since('3')).toEqual([]);
  });

  it('gives the whole state to whoever stands where nobody knows', () => {
    const feed = feedWith(full('1', 'a'), delta('2', { removed: ['a'] }));
    expect(feed.since('0').map(({ kind }) => kind)).toEqual(['full']);
  });

  it('forgets changes before something was missed', () => {
    const feed = feedWith(full('1', 'a'), delta('2', { removed: ['a'] }), full('5', 'c'));
    expect(feed.since('1').map(({ kind }) => kind)).toEqual(['full']);
    expect(feed.since('2').map(({ kind }) => kind)).toEqual(['full']);
  });

  it('keeps a bounded number of changes', () => {
    const feed = feedWith(full('0', 'a'));
    for (let i = 1; i <= 300; i += 1) feed.accept(delta(String(i), { updated: [instance('a')] }));
    expect(feed.since('43')).toHaveLength(1);
    expect(feed.since('44')).toHaveLength(256);
    expect(feed.since('299')).toHaveLength(1);
  });

  it('tells that the state is guarded now, though the instances are the same', () => {
    const feed = feedWith(full('1', 'a'), delta('1', { guarded: true }));
    expect(feed.state?.guarded).toBe(true);
    expect(feed.since('1')).toHaveLength(1);
  });

  it('wakes nobody when only the connection is lost', () => {
    const feed = feedWith(full('1', 'a'), delta('1', { stale: true }));
    expect(feed.state?.stale).toBe(true);
    expect(feed.since('1')).toEqual([]);
  });
});
