import { describe, expect, it } from '@jest/globals';
import { hierarchicalQuorums } from '../quorum/verifiers.js';
import { bytes, configOf, greetingOf, historyOf, id, link, newLeader, Stage, voteFor, zxid } from '../replica.fake.js';

/** A leader of epoch 1 that serves, with member 2 as its follower on link 2. */
function servingLeader(features?: number): Stage {
  const stage = newLeader();
  const { replica } = stage;
  replica.learnerConnected(link(2));
  replica.receive(link(2), greetingOf(2, 0, features));
  replica.epochsStored(1, 0);
  replica.receive(link(2), { kind: 'ack-epoch', lastZxid: zxid(0, 0), currentEpoch: 0 });
  replica.epochsStored(1, 1);
  replica.receive(link(2), { kind: 'ack', zxid: zxid(1, 0) });
  return stage;
}

const kinds = (stage: Stage): string[] => stage.said().map(({ kind }) => kind);

describe('a leader on its way', () => {
  it('proposes the epoch after the highest that a quorum accepted, once its own disk has it', () => {
    const stage = newLeader(historyOf([]), { acceptedEpoch: 4, currentEpoch: 0 });
    stage.replica.learnerConnected(link(2));
    stage.replica.receive(link(2), greetingOf(2, 6));
    expect(stage.take('store-epochs')).toEqual([{ kind: 'store-epochs', acceptedEpoch: 7, currentEpoch: 0 }]);
    expect(stage.said()).toEqual([]);
    stage.replica.epochsStored(7, 0);
    expect(stage.said()).toMatchObject([{ kind: 'leader-info', epochZxid: zxid(7, 0) }]);
  });

  it('steps down before a follower that has a newer history', () => {
    const stage = newLeader(historyOf([zxid(1, 4)]), { acceptedEpoch: 1, currentEpoch: 1 });
    stage.replica.learnerConnected(link(2));
    stage.replica.receive(link(2), greetingOf(2, 1));
    stage.replica.epochsStored(2, 1);
    stage.replica.receive(link(2), { kind: 'ack-epoch', lastZxid: zxid(1, 5), currentEpoch: 1 });
    expect(stage.doing).toBe('looking/election/null');
  });

  it('takes the next epoch after one that a follower has accepted elsewhere', () => {
    const stage = newLeader();
    stage.replica.learnerConnected(link(2));
    stage.replica.receive(link(2), greetingOf(2, 0));
    stage.replica.epochsStored(1, 0);
    stage.replica.learnerConnected(link(1));
    stage.replica.receive(link(1), greetingOf(1, 7));
    expect(stage.doing).toBe('looking/election/null');
    stage.hears(2, 'looking', 2, voteFor(3));
    stage.take('store-epochs');
    stage.ticks(5);
    stage.replica.learnerConnected(link(3));
    stage.replica.receive(link(3), greetingOf(2, 1));
    expect(stage.take('store-epochs')).toEqual([{ kind: 'store-epochs', acceptedEpoch: 8, currentEpoch: 0 }]);
  });

  it('goes on before a follower without weight that has a newer history: no quorum can have that', () => {
    const quorums = hierarchicalQuorums(
      [id(1), id(2), id(3)],
      [{ id: 1, members: [id(1), id(2), id(3)] }],
      new Map([[id(2), 0]]),
    );
    const stage = newLeader(historyOf([zxid(1, 4)]), { acceptedEpoch: 1, currentEpoch: 1 }, { quorums });
    stage.hears(1, 'looking', 1, voteFor(3, zxid(1, 4), 1));
    for (const member of [1, 2]) {
      stage.replica.learnerConnected(link(member));
      stage.replica.receive(link(member), greetingOf(member, 1));
    }
    stage.replica.epochsStored(2, 1);
    stage.replica.receive(link(2), { kind: 'ack-epoch', lastZxid: zxid(1, 5), currentEpoch: 1 });
    stage.replica.receive(link(1), { kind: 'ack-epoch', lastZxid: zxid(1, 4), currentEpoch: 1 });
    expect(stage.doing).toBe('leading/synchronization/3');
  });

  it('does not count a follower that had accepted the epoch before', () => {
    const stage = newLeader();
    stage.replica.learnerConnected(link(2));
    stage.replica.receive(link(2), greetingOf(2, 0));
    stage.replica.epochsStored(1, 0);
    stage.replica.receive(link(2), { kind: 'ack-epoch', lastZxid: zxid(0, 0), currentEpoch: null });
    expect(stage.doing).toBe('leading/discovery/3');
  });

  it('serves once a quorum has acknowledged its history, itself with its epoch on disk', () => {
    const stage = newLeader();
    const { replica } = stage;
    replica.learnerConnected(link(2));
    replica.receive(link(2), greetingOf(2, 0));
    replica.epochsStored(1, 0);
    replica.receive(link(2), { kind: 'ack-epoch', lastZxid: zxid(0, 0), currentEpoch: 0 });
    replica.receive(link(2), { kind: 'ack', zxid: zxid(1, 0) });
    expect(stage.doing).toBe('leading/synchronization/3');
    expect(replica.nextZxid).toBeUndefined();
    replica.epochsStored(1, 1);
    expect(stage.doing).toBe('leading/broadcast/3');
    expect(kinds(stage)).toEqual(['leader-info', 'new-leader', 'up-to-date']);
    expect(replica.nextZxid).toBe(zxid(1, 1));
  });

  it('tells that its whole history is committed before it says that it serves', () => {
    const stage = newLeader(historyOf([zxid(1, 1), zxid(1, 2)]), { acceptedEpoch: 1, currentEpoch: 1 });
    const { replica } = stage;
    replica.learnerConnected(link(2));
    replica.receive(link(2), greetingOf(2, 1));
    replica.epochsStored(2, 1);
    replica.receive(link(2), { kind: 'ack-epoch', lastZxid: zxid(1, 2), currentEpoch: 1 });
    replica.epochsStored(2, 2);
    stage.take();
    replica.receive(link(2), { kind: 'ack', zxid: zxid(2, 0) });
    expect(stage.take('commit', 'state')).toMatchObject([
      { kind: 'commit', through: zxid(1, 2) },
      { kind: 'state', state: { doing: 'leading', phase: 'broadcast' } },
    ]);
  });

  it('takes learners that came before it knew that it leads', () => {
    const stage = new Stage(3);
    stage.replica.peerConnected(id(2));
    stage.replica.learnerConnected(link(2));
    stage.replica.receive(link(2), greetingOf(2, 0));
    expect(stage.take('close', 'store-epochs')).toEqual([]);
    stage.hears(2, 'looking', 1, voteFor(3));
    expect(stage.take('close', 'store-epochs')).toEqual([{ kind: 'store-epochs', acceptedEpoch: 1, currentEpoch: 0 }]);
  });

  it('looks again when no quorum comes in time', () => {
    const stage = newLeader();
    stage.ticks(51);
    expect(stage.doing).toBe('looking/election/null');
  });

  it('refuses a learner that knows a later list of members, and takes one that knows the same', () => {
    const stage = newLeader(undefined, undefined, { config: configOf('1a') });
    for (const [at, version] of [0x1b, 0x1a].entries()) {
      stage.replica.learnerConnected(link(at));
      stage.replica.receive(link(at), greetingOf(2, 0, undefined, version));
    }
    expect(stage.take('close', 'store-epochs')).toEqual([
      { kind: 'close', link: link(0), reason: expect.stringContaining('version 1b, than this one, version 1a') },
      { kind: 'store-epochs', acceptedEpoch: 1, currentEpoch: 0 },
    ]);
  });

  it('refuses a member of another ensemble, and takes no epoch from it', () => {
    const stage = newLeader();
    stage.replica.learnerConnected(link(7));
    stage.replica.receive(link(7), greetingOf(7, 99));
    stage.replica.learnerConnected(link(2));
    stage.replica.receive(link(2), greetingOf(2, 0));
    expect(stage.take('close', 'store-epochs')).toEqual([
      {
        kind: 'close',
        link: link(7),
        reason: expect.stringMatching(/^member 7 is not in .* which names 1, 2, 3, 4, 5/),
      },
      { kind: 'store-epochs', acceptedEpoch: 1, currentEpoch: 0 },
    ]);
  });

  it('closes on whoever does not say who it is', () => {
    const stage = newLeader();
    stage.replica.learnerConnected(link(9));
    stage.replica.receive(link(9), { kind: 'ack', zxid: zxid(1, 0) });
    expect(stage.take('close').map((effect) => effect.link)).toEqual([9]);
  });
});

describe('a leader that serves', () => {
  it('commits what a quorum has on disk, itself included, and all before it', () => {
    const stage = servingLeader();
    const { replica } = stage;
    replica.propose(bytes);
    replica.propose(bytes);
    stage.said();
    replica.receive(link(2), { kind: 'ack', zxid: zxid(1, 2) });
    expect(replica.committedZxid).toBe(zxid(0, 0));
    replica.logSynced(zxid(1, 1));
    expect(replica.committedZxid).toBe(zxid(1, 1));
    replica.logSynced(zxid(1, 2));
    expect(
      stage.take('send', 'commit').map((effect) => (effect.kind === 'commit' ? effect.through : effect.message.kind)),
    ).toEqual([zxid(1, 1), 'commit', zxid(1, 2), 'commit']);
  });

  it('does not count the same ack twice', () => {
    const stage = servingLeader();
    stage.replica.propose(bytes);
    stage.replica.receive(link(2), { kind: 'ack', zxid: zxid(1, 1) });
    stage.replica.receive(link(2), { kind: 'ack', zxid: zxid(1, 1) });
    expect(stage.replica.committedZxid).toBe(zxid(0, 0));
  });

  it('forgets the acks of a follower that leaves: it may come back with less', () => {
    const stage = servingLeader();
    stage.replica.propose(bytes);
    stage.replica.receive(link(2), { kind: 'ack', zxid: zxid(1, 1) });
    stage.replica.linkClosed(link(2));
    stage.replica.logSynced(zxid(1, 1));
    expect(stage.replica.committedZxid).toBe(zxid(0, 0));
  });

  it('says one commit for many to a member that can take it, and one for each to another', () => {
    const commits = (features?: number): number => {
      const stage = servingLeader(features);
      for (let count = 0; count < 3; count += 1) stage.replica.propose(bytes);
      stage.replica.logSynced(zxid(1, 3));
      stage.said();
      stage.replica.receive(link(2), { kind: 'ack', zxid: zxid(1, 3) });
      return kinds(stage).filter((kind) => kind === 'commit').length;
    };
    expect([commits(1), commits()]).toEqual([1, 3]);
  });

  it('tells an observer what is committed, and a late follower what is not', () => {
    const stage = servingLeader();
    const { replica } = stage;
    replica.propose(bytes);
    for (const member of [4, 1]) {
      replica.learnerConnected(link(member));
      replica.receive(link(member), greetingOf(member, 0));
      replica.receive(link(member), { kind: 'ack-epoch', lastZxid: zxid(0, 0), currentEpoch: 0 });
    }
    const sent = stage
      .take('send')
      .filter(({ links, message }) => message.kind === 'proposal' && !links.includes(link(2)));
    expect(sent.map(({ links }) => links)).toEqual([[1]]);
    replica.logSynced(zxid(1, 1));
    replica.receive(link(2), { kind: 'ack', zxid: zxid(1, 1) });
    const informs = stage.take('send').filter(({ message }) => message.kind === 'inform');
    expect(informs.map(({ links }) => links)).toEqual([[4]]);
  });

  it('closes on an ack of what it has not proposed', () => {
    const stage = servingLeader();
    stage.replica.receive(link(2), { kind: 'ack', zxid: zxid(1, 9) });
    expect(stage.take('close').map((effect) => effect.link)).toEqual([2]);
  });

  it('steps down when its quorum has left, and when its followers are silent', () => {
    const left = servingLeader();
    left.replica.linkClosed(link(2));
    left.ticks(5);
    expect(left.doing).toBe('looking/election/null');
    const silent = servingLeader();
    silent.ticks(26);
    expect(silent.doing).toBe('looking/election/null');
  });

  it('asks for a new epoch when a participant has accepted a newer one than its own', () => {
    const stage = servingLeader();
    stage.replica.learnerConnected(link(1));
    stage.replica.receive(link(1), greetingOf(1, 5));
    expect(stage.doing).toBe('looking/election/null');
  });
});
