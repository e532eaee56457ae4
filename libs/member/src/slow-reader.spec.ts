import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { FakeClient } from './client.fake.js';
import { MemberStage } from './member-stage.fake.js';
import { createOf, readOf } from './requests.fake.js';

describe('a client that does not take what it is sent', () => {
  let stage: MemberStage;
  let client: FakeClient;

  beforeEach(() => {
    stage = new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore());
    client = stage.newSession();
    client.isFull = true;
  });

  it('is answered no read until it has taken what waits', () => {
    client.turn(client.frame('getData', readOf('/')), client.frame('exists', readOf('/')));
    expect(client.heard()).toEqual([]);
    client.drain();
    expect(client.heard()).toEqual(['1 ok', '2 ok']);
  });

  it('has its writes done, and hears of them in its order', () => {
    client.turn(
      client.frame('getData', readOf('/')),
      client.frame('create', createOf('/a')),
      client.frame('exists', readOf('/a')),
      client.frame('create', createOf('/b')),
      client.frame('create', createOf('/b')),
    );
    stage.settle();
    expect(client.heard()).toEqual([]);
    const other = stage.newSession();
    other.ask('exists', readOf('/b'));
    expect(other.heard()).toEqual(['1 ok']);
    client.drain();
    expect(client.heard()).toEqual(['1 ok', '2 ok', '3 ok', '4 ok', '5 nodeExists']);
  });

  it('sees zxids that never go back, whoever writes meanwhile', () => {
    client.turn(client.frame('getData', readOf('/')), client.frame('create', createOf('/a')));
    stage.settle();
    const other = stage.newSession();
    other.ask('create', createOf('/b'));
    stage.settle();
    client.drain();
    const [read, created] = client.take();
    expect(created!.zxid).toBe(read!.zxid);
  });

  it('goes on in steps when it stops again', () => {
    client.turn(client.frame('getData', readOf('/')), client.frame('create', createOf('/a')));
    stage.settle();
    client.drain();
    client.isFull = true;
    client.ask('exists', readOf('/a'));
    expect(client.heard()).toEqual(['1 ok', '2 ok']);
    client.drain();
    expect(client.heard()).toEqual(['3 ok']);
  });

  it('is ended after its answers, when it has half-closed', () => {
    client.turn(client.frame('getData', readOf('/')), client.frame('create', createOf('/a')));
    client.halfClose();
    stage.settle();
    expect(client.closed).toBe(false);
    client.drain();
    expect(client.heard()).toEqual(['1 ok', '2 ok']);
    expect(client.closed).toBe(true);
  });

  it('holds up nobody else', () => {
    const other = stage.newSession();
    client.ask('getData', readOf('/'));
    other.turn(other.frame('exists', readOf('/')), other.frame('create', createOf('/a')));
    stage.settle();
    expect(other.heard()).toEqual(['1 ok', '2 ok']);
  });

  it('hears the answer to closeSession after the reads before it, and is ended then', () => {
    client.turn(
      client.frame('getData', readOf('/')),
      client.frame('create', createOf('/a')),
      client.frame('closeSession'),
    );
    stage.settle();
    expect(client.closed).toBe(false);
    expect(stage.member.status.status().sessionCount).toBe(0);
    client.drain();
    expect(client.heard()).toEqual(['1 ok', '2 ok', '3 ok']);
    expect(client.closed).toBe(true);
  });

  it('is ended when its session expires', () => {
    client.ask('getData', readOf('/'));
    stage.pass(1_000_000);
    stage.settle();
    expect(client.closed).toBe(true);
  });
});
