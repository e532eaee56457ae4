import { beforeEach, describe, expect, it } from '@jest/globals';
import { CreateFlag } from '@corral/model';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { FakeClient } from './client.fake.js';
import { MemberStage } from './member-stage.fake.js';
import { createOf, readOf } from './requests.fake.js';

/** A store whose disk is full. */
class FullTreeStore extends MemoryTreeStore {
  override flush(): void {
    throw new Error('no space left');
  }
}

describe('when a sync of the log fails', () => {
  let log: MemoryTransactionLog;
  let stage: MemberStage;
  let writer: FakeClient;
  let late: FakeClient;
  let reader: FakeClient;

  beforeEach(() => {
    log = new MemoryTransactionLog();
    stage = new MemberStage(log, new MemoryTreeStore());
    [writer, late, reader] = [stage.newSession(), stage.newSession(), stage.newSession()];
    writer.ask('create', createOf('/kept'));
    stage.settle();
    writer.heard();
    writer.ask('create', createOf('/lost'));
    stage.endTurn();
    late.turn(late.frame('create', createOf('/later')), late.frame('exists', readOf('/')));
    log.failNextSync();
    stage.completeSync();
  });

  it('nothing is acknowledged: who waits for an answer loses the connection', () => {
    expect([writer.heard(), late.heard()]).toEqual([[], []]);
    expect([writer.closed, late.closed, reader.closed]).toEqual([true, true, false]);
  });

  it('nothing of it is seen', () => {
    reader.ask('exists', readOf('/lost'));
    reader.ask('exists', readOf('/later'));
    expect(reader.heard()).toEqual(['1 noNode', '2 noNode']);
  });

  it('reads go on', () => {
    reader.ask('getData', readOf('/kept', true));
    reader.ask('sync', { path: '/' });
    reader.ask('ping');
    expect(reader.heard()).toEqual(['1 ok', '2 ok', '-2 ok']);
  });

  it('every later write is refused, at once', () => {
    reader.ask('create', createOf('/kept'));
    reader.ask('multi', []);
    reader.ask('create', createOf('/e', CreateFlag.ephemeral));
    expect(reader.heard()).toEqual(['1 notReadOnly', '2 notReadOnly', '3 notReadOnly']);
    expect(reader.closed).toBe(false);
  });

  it('no session is opened, and none is ended or expires', () => {
    const newcomer = stage.connect();
    newcomer.greet();
    expect(newcomer.violation?.message).toContain('read-only');
    reader.ask('closeSession');
    expect(reader.heard()).toEqual(['1 notReadOnly']);
    stage.pass(1_000_000);
    stage.settle();
    expect(stage.member.status.status().sessionsExpired).toBe(0);
  });

  it('a session may still be taken up again, to read', () => {
    const back = stage.connect();
    back.greet({ sessionId: reader.sessionId, password: reader.password });
    back.ask('exists', readOf('/kept'));
    expect(back.heard()).toEqual(['session', '1 ok']);
  });

  it('it says so, once', () => {
    stage.member.treeFailed(new Error('and the tree too'));
    expect(stage.logLines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    expect(stage.member.status.status()).toMatchObject({ mode: 'read-only', failure: { message: 'the sync failed' } });
    expect(stage.member.failure?.message).toBe('the sync failed');
  });

  it('it can still be stopped', async () => {
    await stage.member.stop();
    expect(reader.closed).toBe(true);
  });

  it('a restart serves again, with everything that was acknowledged', () => {
    log.crash();
    const again = new MemberStage(log, new MemoryTreeStore());
    const client = again.newSession();
    client.turn(
      client.frame('exists', readOf('/kept')),
      client.frame('exists', readOf('/lost')),
      client.frame('create', createOf('/new')),
    );
    again.settle();
    expect(client.heard()).toEqual(['1 ok', '2 noNode', '3 ok']);
  });
});

describe('when the tree cannot be written behind the log', () => {
  it('what is in flight is still answered, later writes are refused, reads go on', () => {
    const stage = new MemberStage(new MemoryTransactionLog(), new FullTreeStore());
    const client = stage.newSession();
    client.ask('create', createOf('/a'));
    stage.endTurn();
    stage.pass(1);
    client.turn(client.frame('create', createOf('/b')), client.frame('exists', readOf('/a')));
    stage.settle();
    expect(client.heard()).toEqual(['1 ok', '2 notReadOnly', '3 ok']);
    expect(client.closed).toBe(false);
    expect(stage.member.status.status().mode).toBe('read-only');
  });
});
