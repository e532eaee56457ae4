import { beforeEach, describe, expect, it } from '@jest/globals';
import { OpCode } from '@corral/model';
import type { SessionId, Zxid } from '@corral/primitives';
import { majorityQuorums, type QuorumMessage, timingOf } from '@corral/zab';
import type { FakeClient } from '../client.fake.js';
import { createOf } from '../requests.fake.js';
import { EnsembleStage, type FakePeerLink, id, logOf } from './ensemble-stage.fake.js';

const NOTHING = 0 as Zxid;
const EPOCH = (2 ** 32) as Zxid;

/** Member 1, which leads as long as member 2 follows. */
class FollowedLeader extends EnsembleStage {
  readonly follower: FakePeerLink;

  constructor(counterMax?: number) {
    const voters = [id(1), id(2)];
    super([1, 2], logOf(), {
      replica: {
        serverId: id(1),
        role: 'participant',
        quorums: majorityQuorums(voters),
        observers: [],
        timing: timingOf({ tickMs: 10, tickTimeMs: 2000, initLimit: 10, syncLimit: 5 }),
        config: null,
        counterMax,
      },
    });
    const { peers } = this.member;
    this.member.start();
    peers.connected(id(2));
    const vote = { leader: id(1), zxid: NOTHING, peerEpoch: 0 };
    peers.notification(id(2), { state: 'looking', electionEpoch: 1, vote, config: null });
    this.pass(100);
    this.follower = this.learner();
    const learner = { serverId: id(2), protocolVersion: 0x10000, configVersion: 0 };
    this.tell({ kind: 'follower-info', acceptedZxid: NOTHING, learner });
    this.tell({ kind: 'ack-epoch', lastZxid: NOTHING, currentEpoch: 0 });
    this.tell({ kind: 'ack', zxid: EPOCH });
  }

  tell(message: QuorumMessage): void {
    this.follower.hears(message);
    this.settle();
  }

  /** The follower acknowledges what it was sent, and gets what comes of that. */
  agree(): QuorumMessage[] {
    for (const message of this.follower.said()) {
      if (message.kind === 'proposal') this.tell({ kind: 'ack', zxid: message.zxid });
    }
    return this.follower.said();
  }

  newSession(): FakeClient {
    const client = this.greeted();
    this.agree();
    client.heard();
    return client;
  }

  ask(client: FakeClient, ...request: Parameters<FakeClient['ask']>): void {
    client.ask(...request);
    this.settle();
  }
}

const kindsOf = (messages: QuorumMessage[]): string[] => messages.map(({ kind }) => kind);

describe('a leader', () => {
  let stage: FollowedLeader;
  let client: FakeClient;

  beforeEach(() => {
    stage = new FollowedLeader();
    client = stage.newSession();
  });

  it('refuses only what a quorum has confirmed: it may be deposed and not know it yet', () => {
    stage.ask(client, 'create', createOf('/a'));
    stage.agree();
    expect(client.heard()).toEqual(['1 ok']);
    stage.ask(client, 'create', createOf('/a'));
    expect(client.heard()).toEqual([]);
    stage.agree();
    expect(client.heard()).toEqual(['2 nodeExists']);
  });

  it('answers a sync only when a quorum still follows it', () => {
    stage.ask(client, 'sync', { path: '/' });
    expect(client.heard()).toEqual([]);
    stage.agree();
    expect(client.heard()).toEqual(['1 ok']);
  });

  it('answers the sync of a follower only when a quorum still follows it', () => {
    const request = Buffer.from([0, 0, 0, 1, 0x2f]);
    const sessionId = client.sessionId as SessionId;
    stage.follower.hears({ kind: 'request', sessionId, cxid: 1, type: OpCode.sync, request, identities: null });
    stage.settle();
    const [proposal, ...others] = stage.follower.said();
    expect(kindsOf([proposal!, ...others])).toEqual(['proposal']);
    stage.tell({ kind: 'ack', zxid: (proposal as { zxid: Zxid }).zxid });
    expect(kindsOf(stage.follower.said())).toContain('sync');
  });

  it('ends no session whose client was heard by a follower while the leader stood still', () => {
    stage.clock.nowMs += 60_000;
    const touches = [{ sessionId: client.sessionId as SessionId, timeoutMs: 10_000 }];
    stage.member.slowTick();
    stage.follower.hears({ kind: 'ping', zxid: EPOCH, touches });
    stage.member.slowTick();
    stage.settle();
    expect(kindsOf(stage.follower.said())).not.toContain('proposal');
  });

  it('tells a client that its session is over only when a quorum has confirmed it: a newer leader may have opened it', () => {
    const stranger = stage.greeted({ sessionId: 77n, password: Buffer.alloc(16) });
    expect(stranger.heard()).toEqual([]);
    stage.agree();
    expect(stranger.heard()).toEqual(['refused']);
  });

  it('tells a follower so no sooner', () => {
    stage.tell({ kind: 'revalidate', sessionId: 77n as SessionId, timeoutMs: 10_000 });
    const [proposal, ...others] = stage.follower.said();
    expect(kindsOf([proposal!, ...others])).toEqual(['proposal']);
    stage.tell({ kind: 'ack', zxid: (proposal as { zxid: Zxid }).zxid });
    expect(stage.follower.said()).toContainEqual({ kind: 'revalidated', sessionId: 77n, valid: false });
  });

  it('leaves to the next leader the ends of sessions for which its epoch has no number left', () => {
    stage = new FollowedLeader(3);
    stage.newSession();
    stage.newSession();
    stage.clock.nowMs += 60_000;
    stage.member.slowTick();
    expect(() => {
      stage.member.slowTick();
    }).not.toThrow();
    stage.settle();
    expect(kindsOf(stage.follower.said())).toEqual(['proposal']);
  });
});
