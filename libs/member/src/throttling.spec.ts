import { describe, expect, it } from '@jest/globals';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { FakeClient } from './client.fake.js';
import { MemberStage } from './member-stage.fake.js';
import { createOf, readOf } from './requests.fake.js';

const OUTSTANDING_MAX = 10;

const newStage = (): MemberStage =>
  new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore(), { outstandingRequestsMax: OUTSTANDING_MAX });

const creates = (client: FakeClient, count: number): Buffer[] =>
  Array.from({ length: count }, (_, at) =>
    client.frame('create', createOf(`/${String(client.remotePort)}-${String(at)}`)),
  );

describe('a connection with unanswered requests', () => {
  it('is read from up to the bound', () => {
    const stage = newStage();
    const client = stage.newSession();
    client.turn(...creates(client, OUTSTANDING_MAX));
    expect(client.paused).toBe(false);
    client.ask('exists', readOf('/'));
    expect(client.paused).toBe(true);
  });

  it.each([
    [5, false],
    [6, true],
  ])('is read from again when half of them are answered: with %i left it is paused: %s', (left, paused) => {
    const stage = newStage();
    const client = stage.newSession();
    const frames = creates(client, 8 + left);
    client.turn(...frames.slice(0, 8));
    stage.endTurn();
    client.turn(...frames.slice(8));
    expect(client.paused).toBe(true);
    stage.completeSync();
    expect(client.heard()).toHaveLength(8);
    expect(client.paused).toBe(paused);
    stage.settle();
    expect(client.paused).toBe(false);
  });

  it('is not read from while the writes that wait for the disk are too large together', () => {
    const options = { outstandingBytesMax: 1_000 };
    const stage = new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore(), options);
    const [writer, other, reader] = [stage.newSession(), stage.newSession(), stage.newSession()];
    writer.ask('create', { ...createOf('/large'), data: Buffer.alloc(2_000) });
    other.ask('create', createOf('/small'));
    reader.ask('exists', readOf('/'));
    expect([writer.paused, other.paused, reader.paused]).toEqual([true, true, false]);
    stage.settle();
    expect([writer.paused, other.paused]).toEqual([false, false]);
  });

  it('does not slow down others', () => {
    const stage = newStage();
    const [busy, calm] = [stage.newSession(), stage.newSession()];
    busy.turn(...creates(busy, 20));
    calm.ask('create', createOf('/calm'));
    expect([busy.paused, calm.paused]).toEqual([true, false]);
  });

  it('is read from again when all of them came with the handshake', () => {
    const stage = newStage();
    const client = stage.connect();
    client.turn(client.greetingFrame(), ...Array.from({ length: 20 }, () => client.frame('exists', readOf('/'))));
    expect(client.paused).toBe(true);
    stage.settle();
    expect(client.heard()).toHaveLength(21);
    expect(client.paused).toBe(false);
  });

  it('is never paused for reads alone, which are answered at once', () => {
    const stage = newStage();
    const client = stage.newSession();
    client.turn(...Array.from({ length: 100 }, () => client.frame('exists', readOf('/'))));
    expect(client.paused).toBe(false);
    expect(client.heard()).toHaveLength(100);
  });
});
