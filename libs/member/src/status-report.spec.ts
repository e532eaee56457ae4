import { beforeEach, describe, expect, it } from '@jest/globals';
import { CreateFlag } from '@corral/model';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { FakeClient } from './client.fake.js';
import { MemberStage } from './member-stage.fake.js';
import { createOf, readOf } from './requests.fake.js';

let stage: MemberStage;
let client: FakeClient;

beforeEach(() => {
  stage = new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore());
  client = stage.newSession({ timeoutMs: 8000 });
});

describe('the figures of a member', () => {
  it('count znodes, data, ephemerals, sessions, connections and watches', () => {
    const before = stage.member.status.status();
    client.turn(
      client.frame('create', createOf('/a')),
      client.frame('create', createOf('/e', CreateFlag.ephemeral)),
      client.frame('getData', readOf('/a', true)),
      client.frame('getChildren', readOf('/a', true)),
    );
    stage.settle();
    const after = stage.member.status.status();
    expect(after.znodeCount - before.znodeCount).toBe(2);
    expect(after.dataSizeBytes - before.dataSizeBytes).toBe(2 * ('/a'.length + 'data'.length));
    expect(after).toMatchObject({
      ephemeralCount: 1,
      sessionCount: 1,
      connectionCount: 1,
      watchCount: 2,
      mode: 'standalone',
    });
    expect(after.packetsReceived - before.packetsReceived).toBe(4);
    expect(after.packetsSent - before.packetsSent).toBe(4);
  });

  it('count once what came with the handshake', () => {
    const before = stage.member.status.status().packetsReceived;
    const other = stage.connect();
    other.turn(other.greetingFrame(), other.frame('exists', readOf('/')), other.frame('exists', readOf('/')));
    stage.settle();
    expect(stage.member.status.status().packetsReceived - before).toBe(3);
  });

  it('keep the last request of a connection through its pings', () => {
    client.ask('exists', readOf('/'));
    client.ask('ping');
    expect([...stage.member.status.connections()][0]).toMatchObject({ lastOperation: 'PING', lastCxid: 1 });
  });

  it('count what waits for an answer', () => {
    client.ask('create', createOf('/a'));
    client.ask('exists', readOf('/a'));
    expect(stage.member.status.status().outstandingRequests).toBeGreaterThan(0);
    expect([...stage.member.status.connections()][0]!.outstandingRequests).toBe(2);
    stage.settle();
    expect(stage.member.status.status().outstandingRequests).toBe(0);
    expect([...stage.member.status.connections()][0]!.outstandingRequests).toBe(0);
  });

  it('tell how long a write took, from its arrival to its answer', () => {
    client.ask('create', createOf('/a'));
    stage.endTurn();
    stage.clock.nowMs += 25;
    stage.completeSync();
    expect(stage.member.status.status().requestLatency).toMatchObject({ maxMs: 25 });
    const [connection] = [...stage.member.status.connections()];
    expect(connection).toMatchObject({
      lastOperation: 'CREA',
      lastCxid: 1,
      lastLatencyMs: 25,
      lastResponseAtMs: stage.clock.nowMs,
    });
  });

  it('tell of each connection who it is', () => {
    const [connection] = [...stage.member.status.connections()];
    expect(connection).toMatchObject({
      remoteAddress: '127.0.0.1',
      remotePort: client.remotePort,
      sessionId: client.sessionId,
      timeoutMs: 8000,
      establishedAtMs: stage.clock.wallClockMs(),
    });
  });

  it('tell of each session what it owns and when it would end', () => {
    client.ask('create', createOf('/e', CreateFlag.ephemeral));
    stage.settle();
    const [session] = [...stage.member.status.sessions()];
    expect(session).toMatchObject({ sessionId: client.sessionId, timeoutMs: 8000, ephemerals: ['/e'] });
    const left = session!.expiresAtMs - stage.clock.wallClockMs();
    expect(left).toBeGreaterThanOrEqual(8000);
    expect(left).toBeLessThanOrEqual(10_000);
  });

  it('tell of data watches by path and by session', () => {
    client.ask('getData', readOf('/', true));
    client.ask('getChildren', readOf('/zookeeper', true));
    expect([...stage.member.status.watchesByPath()]).toEqual([['/', [client.sessionId]]]);
    expect([...stage.member.status.watchesBySession()]).toEqual([[client.sessionId, ['/']]]);
  });

  it('can be set back to nothing', () => {
    client.ask('exists', readOf('/'));
    stage.member.status.resetStatistics();
    stage.member.status.resetConnectionStatistics();
    expect(stage.member.status.status()).toMatchObject({
      packetsReceived: 0,
      packetsSent: 0,
      requestLatency: { count: 0 },
    });
    expect([...stage.member.status.connections()][0]).toMatchObject({ packetsReceived: 0, packetsSent: 0 });
  });

  it('forget a connection that has gone, and all that it watched', () => {
    client.ask('addWatch', { path: '/', mode: 1 });
    client.hangUp();
    expect(stage.member.status.status()).toMatchObject({ connectionCount: 0, watchCount: 0, sessionCount: 1 });
  });
});
