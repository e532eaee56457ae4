import { beforeEach, describe, expect, it } from '@jest/globals';
import { CreateFlag, type Stat } from '@corral/model';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { FakeClient } from './client.fake.js';
import { MemberStage } from './member-stage.fake.js';
import { createOf, deleteOf, readOf } from './requests.fake.js';

let stage: MemberStage;
let client: FakeClient;

beforeEach(() => {
  stage = new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore());
  client = stage.newSession({ timeoutMs: 10_000 });
});

const sessionCount = (): number => stage.member.status.status().sessionCount;

describe('closing a session', () => {
  it('is answered when it is durable; then the connection is ended', () => {
    client.ask('closeSession');
    expect(client.heard()).toEqual([]);
    expect(client.closed).toBe(false);
    stage.settle();
    expect(client.heard()).toEqual(['1 ok']);
    expect(client.closed).toBe(true);
    expect(sessionCount()).toBe(0);
  });

  it('takes the ephemerals along, in one transaction that their parents show', () => {
    const other = stage.newSession();
    other.ask('create', createOf('/services'));
    client.ask('create', createOf('/services/a', CreateFlag.ephemeral));
    client.ask('create', createOf('/services/b', CreateFlag.ephemeralSequential));
    client.ask('create', createOf('/services/c'));
    stage.settle();
    client.ask('closeSession');
    stage.settle();
    const closed = client.take().at(-1)!;
    other.take();
    other.ask('getChildren2', readOf('/services'));
    const { children, stat } = other.takeBody<{ children: string[]; stat: Stat }>();
    expect(children).toEqual(['c']);
    expect(stat).toMatchObject({ numChildren: 1, cversion: 5, pzxid: closed.zxid });
  });

  it('takes along an ephemeral whose creation is still in flight', () => {
    client.turn(client.frame('create', createOf('/e', CreateFlag.ephemeral)), client.frame('closeSession'));
    stage.settle();
    expect(client.heard()).toEqual(['1 ok', '2 ok']);
    const other = stage.newSession();
    other.ask('exists', readOf('/e'));
    expect(other.heard()).toEqual(['1 noNode']);
  });

  it('leaves alone what another session created under the same name in the meantime', () => {
    const other = stage.newSession();
    client.ask('create', createOf('/lock', CreateFlag.ephemeral));
    stage.settle();
    client.ask('delete', deleteOf('/lock'));
    other.ask('create', createOf('/lock', CreateFlag.ephemeral));
    client.ask('closeSession');
    stage.settle();
    other.take();
    other.ask('exists', readOf('/lock'));
    expect(other.takeBody<Stat>().ephemeralOwner).toBe(other.sessionId);
  });

  it('lets the next session have the name at once', () => {
    const other = stage.newSession();
    client.ask('create', createOf('/lock', CreateFlag.ephemeral));
    stage.settle();
    client.ask('closeSession');
    other.ask('create', createOf('/lock', CreateFlag.ephemeral));
    stage.settle();
    expect(other.heard()).toEqual(['1 ok']);
  });

  it('tells watchers of every ephemeral that goes', () => {
    const watcher = stage.newSession();
    client.ask('create', createOf('/e', CreateFlag.ephemeral));
    stage.settle();
    watcher.ask('getData', readOf('/e', true));
    watcher.ask('getChildren', readOf('/', true));
    watcher.take();
    client.ask('closeSession');
    stage.settle();
    expect(watcher.heard()).toEqual(['event nodeDeleted /e', 'event nodeChildrenChanged /']);
  });

  it('comes after the replies to what was asked before it, and what was asked after it is not taken in', () => {
    client.turn(
      client.frame('create', createOf('/a')),
      client.frame('exists', readOf('/a')),
      client.frame('closeSession'),
      client.frame('exists', readOf('/')),
      client.frame('create', createOf('/late')),
    );
    stage.settle();
    expect(client.heard()).toEqual(['1 ok', '2 ok', '3 ok']);
    const other = stage.newSession();
    other.ask('exists', readOf('/late'));
    expect(other.heard()).toEqual(['1 noNode']);
  });

  it('is answered to a client that half-closes behind it', () => {
    client.ask('closeSession');
    client.halfClose();
    expect(client.closed).toBe(false);
    stage.settle();
    expect(client.heard()).toEqual(['1 ok']);
    expect(client.closed).toBe(true);
  });

  it('happens although the connection has gone', () => {
    client.ask('create', createOf('/e', CreateFlag.ephemeral));
    client.ask('closeSession');
    client.hangUp();
    stage.settle();
    expect(sessionCount()).toBe(0);
    expect(stage.member.status.status().ephemeralCount).toBe(0);
  });
});

describe('the expiry of a session', () => {
  it('comes at the first tick past its timeout and not before', () => {
    stage.pass(9999);
    expect(client.closed).toBe(false);
    stage.pass(2001);
    stage.settle();
    expect(client.closed).toBe(true);
    expect(client.heard()).toEqual([]);
    expect(sessionCount()).toBe(0);
    expect(stage.member.status.status().sessionsExpired).toBe(1);
  });

  it('is put off by every request, pings among them', () => {
    for (let round = 0; round < 5; round += 1) {
      stage.pass(9000);
      client.ask('ping');
    }
    expect(client.heard()).toEqual(Array.from({ length: 5 }, () => '-2 ok'));
    expect(sessionCount()).toBe(1);
  });

  it('takes the ephemerals along, and tells who watches them', () => {
    const watcher = stage.newSession({ timeoutMs: 40_000 });
    client.ask('create', createOf('/e', CreateFlag.ephemeral));
    stage.settle();
    watcher.ask('exists', readOf('/e', true));
    watcher.take();
    stage.pass(12_001);
    expect(watcher.heard()).toEqual([]);
    stage.settle();
    expect(watcher.heard()).toEqual(['event nodeDeleted /e']);
  });

  it('is decided once, however long it takes to become durable', () => {
    const before = stage.log.lastZxid;
    stage.pass(12_001);
    stage.pass(12_001);
    stage.settle();
    stage.pass(12_001);
    stage.settle();
    expect(stage.log.lastZxid).toBe(before + 1);
  });

  it('refuses requests that come while it is under way, in order', () => {
    client.ask('create', createOf('/a'));
    stage.endTurn();
    stage.pass(12_001);
    client.turn(client.frame('exists', readOf('/')), client.frame('create', createOf('/b')));
    expect(client.heard()).toEqual([]);
    stage.completeSync();
    expect(client.heard()[0]).toBe('1 ok');
    stage.settle();
    expect(client.closed).toBe(true);
    const other = stage.newSession();
    other.ask('exists', readOf('/b'));
    expect(other.heard()).toEqual(['1 noNode']);
  });

  it('ends many sessions with one sync', () => {
    const others = Array.from({ length: 20 }, () => stage.newSession({ timeoutMs: 10_000 }));
    stage.pass(12_001);
    stage.endTurn();
    stage.completeSync();
    expect(sessionCount()).toBe(0);
    expect(others.every(({ closed }) => closed)).toBe(true);
  });
});
