import { describe, expect, it } from '@jest/globals';
import { CreateFlag } from '@corral/model';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { FakeClient } from './client.fake.js';
import { HistoryGapError } from './history-gap-error.js';
import { MemberStage } from './member-stage.fake.js';
import { createOf, deleteOf, readOf, setOf } from './requests.fake.js';

/** What a client can see of the whole tree. */
const snapshotOf = (client: FakeClient, path = '/'): Record<string, unknown> => {
  client.take();
  client.ask('getData', readOf(path));
  const seen: Record<string, unknown> = { [path]: client.takeBody() };
  client.ask('getChildren', readOf(path));
  for (const name of client.takeBody<string[]>().sort()) {
    Object.assign(seen, snapshotOf(client, path === '/' ? `/${name}` : `${path}/${name}`));
  }
  return seen;
};

/** Opens a session and does a little of everything. */
const workOn = (stage: MemberStage): FakeClient => {
  const client = stage.newSession();
  client.turn(
    client.frame('create', createOf('/a')),
    client.frame('create', createOf('/a/e', CreateFlag.ephemeral)),
    client.frame('create', createOf('/a/s-', CreateFlag.persistentSequential)),
    client.frame('setData', setOf('/a', 'longer than before')),
    client.frame('multi', [
      { type: 1, ...createOf('/m') },
      { type: 5, ...setOf('/m', 'x') },
      { type: 2, ...deleteOf('/a/s-0000000001') },
    ]),
    client.frame('setAcl', { path: '/m', acl: [{ perms: 1, scheme: 'world', id: 'anyone' }], version: -1 }),
  );
  stage.settle();
  expect(client.take().map(({ err }) => err)).toEqual([0, 0, 0, 0, 0, 0]);
  return client;
};

describe('a member that starts again', () => {
  it('shows the same tree from the log alone', () => {
    const log = new MemoryTransactionLog();
    const before = snapshotOf(workOn(new MemberStage(log, new MemoryTreeStore())));
    const after = snapshotOf(new MemberStage(log, new MemoryTreeStore()).newSession());
    expect(after).toEqual(before);
  });

  it('shows the same tree from what was flushed and the rest of the log', () => {
    const [log, store] = [new MemoryTransactionLog(), new MemoryTreeStore()];
    const stage = new MemberStage(log, store);
    const client = workOn(stage);
    stage.member.flushTree();
    client.ask('setData', setOf('/a', 'after the flush'));
    stage.settle();
    const before = snapshotOf(client);
    store.crash();
    const after = snapshotOf(new MemberStage(log, store).newSession());
    expect(after).toEqual(before);
  });

  it('goes on counting where it was: zxids and sequence numbers', () => {
    const log = new MemoryTransactionLog();
    workOn(new MemberStage(log, new MemoryTreeStore()));
    const last = log.lastZxid;
    const again = new MemberStage(log, new MemoryTreeStore());
    const client = again.newSession();
    client.ask('create', createOf('/a/s-', CreateFlag.persistentSequential));
    again.settle();
    const [reply] = client.take();
    expect(reply).toMatchObject({ zxid: last + 2, body: '/a/s-0000000002' });
  });

  it('knows the sessions, gives each its whole timeout again, and then lets it expire', () => {
    const log = new MemoryTransactionLog();
    const gone = workOn(new MemberStage(log, new MemoryTreeStore()));
    const again = new MemberStage(log, new MemoryTreeStore());
    again.pass(gone.timeoutMs);
    const client = again.newSession({ timeoutMs: 40_000 });
    client.ask('exists', readOf('/a/e'));
    expect(client.heard()).toEqual(['1 ok']);
    again.pass(2001);
    again.settle();
    client.ask('exists', readOf('/a/e'));
    expect(client.heard()).toEqual(['2 noNode']);
  });

  it('lets a client take its session up again', () => {
    const log = new MemoryTransactionLog();
    const before = workOn(new MemberStage(log, new MemoryTreeStore()));
    const back = new MemberStage(log, new MemoryTreeStore()).connect();
    back.greet({ sessionId: before.sessionId, password: before.password });
    back.ask('getEphemerals', { path: '/' });
    const [ephemerals] = back.take();
    expect(ephemerals?.body).toEqual(['/a/e']);
  });

  it('gives no session the id of one that lives, though its clock has gone back', () => {
    const log = new MemoryTransactionLog();
    const first = new MemberStage(log, new MemoryTreeStore()).newSession();
    const second = new MemberStage(log, new MemoryTreeStore()).newSession();
    expect(second.sessionId).not.toBe(first.sessionId);
  });

  it('remembers no session that was closed', () => {
    const log = new MemoryTransactionLog();
    const stage = new MemberStage(log, new MemoryTreeStore());
    workOn(stage).ask('closeSession');
    stage.settle();
    expect(new MemberStage(log, new MemoryTreeStore()).member.status.status()).toMatchObject({
      sessionCount: 0,
      ephemeralCount: 0,
    });
  });

  it('tells the log what it need not keep any more', () => {
    const log = new MemoryTransactionLog();
    const stage = new MemberStage(log, new MemoryTreeStore());
    workOn(stage);
    expect([...log.read(0 as never)].length).toBeGreaterThan(1);
    stage.pass(1000);
    expect([...log.read(0 as never)]).toHaveLength(1);
    expect(stage.member.status.status().flushedZxid).toBe(log.lastZxid);
  });

  it('tells it as soon as the tree has been flushed for a reason of its own', () => {
    const [log, store] = [new MemoryTransactionLog(), new MemoryTreeStore()];
    const stage = new MemberStage(log, store);
    workOn(stage);
    store.flush();
    stage.member.treeFlushed(1, 1);
    expect([...log.read(0 as never)]).toHaveLength(1);
  });

  it('refuses to start when the log does not go on where the tree ends', () => {
    const log = new MemoryTransactionLog();
    const stage = new MemberStage(log, new MemoryTreeStore());
    workOn(stage);
    stage.member.flushTree();
    stage.newSession();
    expect(() => new MemberStage(log, new MemoryTreeStore())).toThrow(HistoryGapError);
  });

  it('goes on when 2^32 transactions have been counted', () => {
    const store = new MemoryTreeStore();
    store.state.appliedZxid = 0xffff_fffe as never;
    const stage = new MemberStage(new MemoryTransactionLog(), store);
    const client = stage.newSession();
    client.ask('create', createOf('/a'));
    client.ask('exists', readOf('/a'));
    stage.settle();
    const [created] = client.take();
    expect(created).toMatchObject({ err: 0, zxid: 0x1_0000_0000 });
  });
});
