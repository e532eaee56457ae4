import { beforeEach, describe, expect, it } from '@jest/globals';
import { CreateFlag, type Stat } from '@corral/model';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { FakeClient } from './client.fake.js';
import { MemberStage } from './member-stage.fake.js';
import { bytesOf, createOf, deleteOf, readOf, setOf } from './requests.fake.js';

describe('a write', () => {
  let log: MemoryTransactionLog;
  let stage: MemberStage;
  let client: FakeClient;

  beforeEach(() => {
    log = new MemoryTransactionLog();
    stage = new MemberStage(log, new MemoryTreeStore());
    client = stage.newSession();
  });

  it('is answered when the sync that covers it has ended, and not before', () => {
    client.ask('create', createOf('/a'));
    expect(client.heard()).toEqual([]);
    stage.endTurn();
    expect(log.isSyncing).toBe(true);
    expect(client.heard()).toEqual([]);
    stage.completeSync();
    expect(client.heard()).toEqual(['1 ok']);
  });

  it('is seen by nobody before it is durable', () => {
    const other = stage.newSession();
    client.ask('create', createOf('/a'));
    stage.endTurn();
    other.ask('exists', readOf('/a'));
    expect(other.heard()).toEqual(['1 noNode']);
    stage.completeSync();
    other.ask('exists', readOf('/a'));
    expect(other.heard()).toEqual(['2 ok']);
  });

  it('that arrives while a sync is under way waits for the next one', () => {
    client.ask('create', createOf('/a'));
    stage.endTurn();
    client.ask('create', createOf('/b'));
    stage.endTurn();
    stage.completeSync();
    expect(client.heard()).toEqual(['1 ok']);
    expect(log.isSyncing).toBe(true);
    stage.completeSync();
    expect(client.heard()).toEqual(['2 ok']);
    expect(log.isSyncing).toBe(false);
  });

  it('shares its sync with all that arrived in the same turn, from any connection', () => {
    const other = stage.newSession();
    client.turn(client.frame('create', createOf('/a')), client.frame('create', createOf('/b')));
    other.ask('create', createOf('/c'));
    stage.endTurn();
    stage.completeSync();
    expect(client.heard()).toEqual(['1 ok', '2 ok']);
    expect(other.heard()).toEqual(['1 ok']);
    expect(log.isSyncing).toBe(false);
  });

  it('carries in its reply its own zxid, and zxids go up by one', () => {
    client.turn(client.frame('create', createOf('/a')), client.frame('create', createOf('/b')));
    stage.settle();
    const [first, second] = client.take();
    expect(second!.zxid).toBe(first!.zxid + 1);
    expect(log.lastZxid).toBe(second!.zxid);
  });

  it('that is refused is logged by nobody and answered at once when nothing is in flight', () => {
    const before = log.lastZxid;
    client.ask('delete', deleteOf('/missing'));
    expect(client.heard()).toEqual(['1 noNode']);
    expect(log.lastZxid).toBe(before);
    expect(log.isSyncing).toBe(false);
  });

  it('that is refused because of a write in flight is answered after that one is durable', () => {
    const other = stage.newSession();
    client.ask('create', createOf('/a'));
    other.ask('create', createOf('/a'));
    stage.endTurn();
    expect(other.heard()).toEqual([]);
    stage.settle();
    expect(client.heard()).toEqual(['1 ok']);
    expect(other.heard()).toEqual(['1 nodeExists']);
  });

  it('is decided against what is proposed, not only against what is applied', () => {
    client.turn(
      client.frame('create', createOf('/a')),
      client.frame('setData', setOf('/a', 'one', 0)),
      client.frame('setData', setOf('/a', 'two', 1)),
      client.frame('setData', setOf('/a', 'late', 1)),
      client.frame('create', createOf('/a/seq-', CreateFlag.persistentSequential)),
      client.frame('create', createOf('/a/seq-', CreateFlag.persistentSequential)),
      client.frame('delete', deleteOf('/a')),
    );
    stage.settle();
    const replies = client.take();
    expect(replies.map(({ err }) => err)).toEqual([0, 0, 0, -103, 0, 0, -111]);
    expect(replies.slice(4, 6).map(({ body }) => body)).toEqual(['/a/seq-0000000000', '/a/seq-0000000001']);
  });

  it('gives every reply the stat right after that write, though a later one follows in the same batch', () => {
    client.ask('create', createOf('/a'));
    stage.settle();
    client.take();
    client.turn(client.frame('setData', setOf('/a', 'same')), client.frame('setData', setOf('/a', 'size')));
    stage.settle();
    expect(client.take().map(({ body }) => (body as Stat).version)).toEqual([1, 2]);
  });

  describe('and the reads around it', () => {
    it('lets a read of the same connection wait, and shows it the write', () => {
      client.turn(client.frame('create', createOf('/a')), client.frame('getData', readOf('/a')));
      expect(client.heard()).toEqual([]);
      stage.settle();
      const [, read] = client.take();
      expect((read!.body as { data: Buffer }).data).toEqual(bytesOf('data'));
    });

    it('does not hold up the reads of others', () => {
      const other = stage.newSession();
      client.ask('create', createOf('/a'));
      other.ask('exists', readOf('/'));
      expect(other.heard()).toEqual(['1 ok']);
    });

    it('answers a read before it at once', () => {
      client.turn(client.frame('exists', readOf('/')), client.frame('create', createOf('/a')));
      expect(client.heard()).toEqual(['1 ok']);
    });

    it('shows a read that waits between two writes the first and not the second', () => {
      client.ask('create', createOf('/a'));
      stage.endTurn();
      client.turn(
        client.frame('getData', readOf('/a')),
        client.frame('setData', setOf('/a', 'later')),
        client.frame('getData', readOf('/a')),
      );
      stage.settle();
      const replies = client.take();
      expect(replies.map(({ xid }) => xid)).toEqual([1, 2, 3, 4]);
      const texts = [replies[1], replies[3]].map((reply) => String((reply!.body as { data: Buffer }).data));
      expect(texts).toEqual(['data', 'later']);
    });

    it('answers everything of one connection in the order in which it was asked', () => {
      client.turn(
        client.frame('create', createOf('/a')),
        client.frame('exists', readOf('/a')),
        client.frame('delete', deleteOf('/missing')),
        client.frame('ping', undefined, -2),
        client.frame('sync', { path: '/a' }),
        client.frame('setData', setOf('/a', 'new')),
        client.frame('getChildren', readOf('/')),
      );
      stage.settle();
      expect(client.heard()).toEqual(['1 ok', '2 ok', '3 noNode', '-2 ok', '4 ok', '5 ok', '6 ok']);
    });
  });

  describe('and watches', () => {
    it('is told to a watcher before the watcher can see it', () => {
      const watcher = stage.newSession();
      watcher.ask('exists', readOf('/a', true));
      watcher.take();
      client.ask('create', createOf('/a'));
      stage.endTurn();
      watcher.ask('create', createOf('/own'));
      watcher.ask('exists', readOf('/a'));
      expect(watcher.heard()).toEqual([]);
      stage.settle();
      expect(watcher.heard()).toEqual(['event nodeCreated /a', '2 ok', '3 ok']);
    });

    it('is told to its own connection before its reply', () => {
      client.ask('exists', readOf('/a', true));
      client.ask('getChildren', readOf('/', true));
      client.take();
      client.ask('create', createOf('/a'));
      stage.settle();
      expect(client.heard()).toEqual(['event nodeCreated /a', 'event nodeChildrenChanged /', '3 ok']);
    });

    it('is told in zxid order', () => {
      client.ask('exists', readOf('/a', true));
      client.ask('exists', readOf('/b', true));
      client.take();
      const other = stage.newSession();
      other.turn(other.frame('create', createOf('/b')), other.frame('create', createOf('/a')));
      stage.settle();
      expect(client.heard()).toEqual(['event nodeCreated /b', 'event nodeCreated /a']);
    });

    it('is told to nobody whose connection has gone', () => {
      const watcher = stage.newSession();
      watcher.ask('addWatch', { path: '/', mode: 1 });
      watcher.take();
      watcher.hangUp();
      client.ask('create', createOf('/a'));
      stage.settle();
      expect(watcher.heard()).toEqual([]);
      expect(stage.member.status.status().watchCount).toBe(0);
    });
  });

  it('of a connection that has gone is kept all the same', () => {
    client.ask('create', createOf('/a'));
    client.hangUp();
    stage.settle();
    const other = stage.newSession();
    other.ask('exists', readOf('/a'));
    expect(other.heard()).toEqual(['1 ok']);
  });

  it('that came before the client half-closed is answered, and then the connection is ended', () => {
    client.turn(client.frame('create', createOf('/a')), client.frame('exists', readOf('/a')));
    client.halfClose();
    expect(client.closed).toBe(false);
    stage.settle();
    expect(client.heard()).toEqual(['1 ok', '2 ok']);
    expect(client.closed).toBe(true);
  });

  it('is waited for by a member that stops', async () => {
    client.ask('create', createOf('/a'));
    stage.endTurn();
    let stopped = false;
    const stopping = stage.member.stop().then(() => {
      stopped = true;
    });
    await Promise.resolve();
    expect(stopped).toBe(false);
    stage.completeSync();
    await stopping;
    expect(client.heard()).toEqual(['1 ok']);
    expect(client.closed).toBe(true);
  });
});
