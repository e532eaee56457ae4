import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { FakeClient } from './client.fake.js';
import { MemberStage } from './member-stage.fake.js';
import { createOf, readOf } from './requests.fake.js';

/** A store whose disk is slower than its clients. */
class SlowTreeStore extends MemoryTreeStore {
  isBehind = false;
}

describe('while the tree cannot be written as fast as it changes', () => {
  let store: SlowTreeStore;
  let stage: MemberStage;
  let client: FakeClient;
  let other: FakeClient;

  beforeEach(() => {
    store = new SlowTreeStore();
    stage = new MemberStage(new MemoryTransactionLog(), store);
    [client, other] = [stage.newSession(), stage.newSession()];
    store.isBehind = true;
    client.ask('create', createOf('/a'));
    stage.settle();
  });

  it('writes wait', () => {
    expect(client.heard()).toEqual([]);
    expect(stage.log.isSyncing).toBe(false);
  });

  it('reads of others go on', () => {
    other.ask('exists', readOf('/a'));
    expect(other.heard()).toEqual(['1 noNode']);
  });

  it.each([
    ['it is told that more is written', (): void => stage.member.treeFlushed(1, 1)],
    ['time passes', (): void => stage.pass(1)],
  ])('writes go on when it has caught up and %s', (_what, then) => {
    store.isBehind = false;
    then();
    stage.settle();
    expect(client.heard()).toEqual(['1 ok']);
  });

  it('writes go on waiting when it has not caught up yet', () => {
    stage.member.treeFlushed(1, 1);
    stage.pass(1);
    stage.settle();
    expect(client.heard()).toEqual([]);
  });
});

describe('when the tree fails for good while it is behind', () => {
  it('what was held back is answered, later writes are refused, and reads go on', () => {
    const store = new SlowTreeStore();
    const stage = new MemberStage(new MemoryTransactionLog(), store);
    const [client, other] = [stage.newSession(), stage.newSession()];
    store.isBehind = true;
    client.ask('create', createOf('/a'));
    stage.settle();
    stage.member.treeFailed(new Error('no space left'));
    stage.settle();
    other.ask('create', createOf('/b'));
    other.ask('exists', readOf('/'));
    stage.settle();
    expect([client.heard(), other.heard()]).toEqual([['1 ok'], ['1 notReadOnly', '2 ok']]);
  });

  it('the member can still be stopped', async () => {
    const store = new SlowTreeStore();
    const stage = new MemberStage(new MemoryTransactionLog({ syncsAtOnce: true }), store);
    const client = stage.newSession();
    store.isBehind = true;
    client.ask('create', createOf('/a'));
    stage.settle();
    stage.member.treeFailed(new Error('no space left'));
    stage.settle();
    await stage.member.stop();
    expect(client.closed).toBe(true);
  });
});
