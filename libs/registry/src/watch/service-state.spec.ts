import { describe, expect, it } from '@jest/globals';
import { instanceOf } from '../instance/instance.fake.js';
import type { Change } from './history.js';
import { ServiceState } from './service-state.js';

function short(change: Change | undefined): string {
  if (change === undefined) return 'nothing';
  const words = [
    ...change.added.map(({ id }) => `+${id}`),
    ...change.updated.map(({ id }) => `~${id}`),
    ...change.removed.map((id) => `-${id}`),
  ];
  return words.join(' ');
}

function stateOf(...ids: string[]): ServiceState {
  const state = new ServiceState({ share: 0.5, instancesMin: 3, windowMs: 1000, keepMs: 5000 });
  for (const id of ids) state.registered(instanceOf(id));
  state.settle();
  return state;
}

describe('the state of a service', () => {
  it('tells what came together as one change, and nothing when nothing is different', () => {
    const state = stateOf('a', 'b');
    state.registered(instanceOf('c'));
    state.registered(instanceOf('a', { weight: 2 }));
    state.unregistered('b', 0);
    expect(short(state.settle())).toBe('+c ~a -b');
    state.registered(instanceOf('c'));
    expect(short(state.settle())).toBe('nothing');
  });

  it('tells nothing of what came and went in between', () => {
    const state = stateOf('a');
    state.registered(instanceOf('b'));
    state.unregistered('b', 0);
    expect(short(state.settle())).toBe('nothing');
  });

  it('shows the health that the platforms found', () => {
    const state = stateOf('a');
    state.health('a', 'failing');
    expect(short(state.settle())).toBe('~a');
    expect(state.instances.get('a')?.health).toBe('failing');
  });

  it('never shows the loss of many, not even for a moment', () => {
    const state = stateOf('a', 'b', 'c');
    for (const id of ['a', 'b', 'c']) state.unregistered(id, 0);
    expect(short(state.settle())).toBe('~a ~b ~c');
    expect([...state.instances.values()].every(({ guarded }) => guarded)).toBe(true);
  });

  it('brings back the first of many that vanished one after the other', () => {
    const state = stateOf('a', 'b', 'c');
    state.unregistered('a', 0);
    expect(short(state.settle())).toBe('-a');
    state.unregistered('b', 100);
    state.unregistered('c', 200);
    expect(short(state.settle())).toBe('+a ~b ~c');
  });

  it('lets go of the one that is proven dead, and of no other', () => {
    const state = stateOf('a', 'b', 'c');
    for (const id of ['a', 'b', 'c']) state.unregistered(id, 0);
    state.settle();
    state.guardNote('a', { instance: instanceOf('a'), votes: {}, verdict: 'dead' }, 1);
    state.guardNote('b', { instance: instanceOf('b'), votes: {}, verdict: 'alive' }, 1);
    expect(short(state.settle())).toBe('-a');
  });

  it('shows those that a platform keeps, also to who comes later', () => {
    const state = stateOf('z');
    state.guardNote('a', { instance: instanceOf('a'), votes: {}, verdict: 'unknown' }, 1);
    expect([short(state.settle()), state.isGuarded]).toEqual(['+a', true]);
    state.registered(instanceOf('a'));
    expect([short(state.settle()), state.isGuarded]).toEqual(['~a', false]);
  });

  it('has the same digest for the same instances, however they came to be', () => {
    const state = stateOf('a', 'b');
    state.unregistered('a', 0);
    state.settle();
    expect(state.digest).not.toBe(stateOf('a', 'b').digest);
    state.registered(instanceOf('a'));
    state.settle();
    expect(state.digest).toBe(stateOf('b', 'a').digest);
  });

  it('tells what was missed since any state that it remembers, as one change', () => {
    const state = stateOf('a', 'b');
    const { digest } = state;
    state.unregistered('a', 0);
    state.registered(instanceOf('c'));
    state.settle();
    state.registered(instanceOf('b', { weight: 2 }));
    state.registered(instanceOf('d'));
    state.settle();
    state.unregistered('d', 60_000);
    state.settle();
    expect(short(state.since(digest))).toBe('+c ~b -a');
    expect(short(state.since(state.digest))).toBe('');
    expect(state.since('0123456789abcdef')).toBeUndefined();
  });
});
