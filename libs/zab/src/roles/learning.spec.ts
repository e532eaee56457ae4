import { describe, expect, it } from '@jest/globals';
import type { QuorumMessage } from '../messages.js';
import { bytes, configOf, fingerprintAt, historyOf, id, link, Stage, voteFor, zxid } from '../replica.fake.js';

const proposal = (at: ReturnType<typeof zxid>): QuorumMessage => ({ kind: 'proposal', zxid: at, transaction: bytes });
const commit = (at: ReturnType<typeof zxid>): QuorumMessage => ({ kind: 'commit', zxid: at });

/** Member 1, which has accepted epoch 2 of leader 3 on link 1 and told its history. */
function acceptedFollower(history = historyOf([zxid(1, 1), zxid(1, 2)], zxid(1, 1))): Stage {
  const stage = new Stage(1, history, { acceptedEpoch: 1, currentEpoch: 1 });
  stage.hears(3, 'looking', 1, voteFor(3, zxid(1, 9), 1));
  stage.ticks(3);
  stage.replica.leaderConnected(id(3), link(1));
  stage.replica.receive(link(1), { kind: 'leader-info', epochZxid: zxid(2, 0), protocolVersion: 0x10000 });
  stage.replica.epochsStored(2, 1);
  stage.take('send');
  return stage;
}

const hears = (stage: Stage, ...messages: QuorumMessage[]): void => {
  for (const message of messages) stage.replica.receive(link(1), message);
};
const newLeader: QuorumMessage = { kind: 'new-leader', epochZxid: zxid(2, 0), config: null };
const upToDate: QuorumMessage = { kind: 'up-to-date' };

describe('a follower on its way', () => {
  it('accepts the epoch only when that is on disk', () => {
    const stage = new Stage(1, historyOf([]), { acceptedEpoch: 1, currentEpoch: 1 });
    stage.replica.peerConnected(id(3));
    stage.hears(3, 'looking', 1, voteFor(3, zxid(1, 9), 1));
    stage.replica.leaderConnected(id(3), link(1));
    stage.said();
    hears(stage, { kind: 'leader-info', epochZxid: zxid(2, 0), protocolVersion: 0x10000 });
    expect(stage.said()).toEqual([]);
    stage.replica.epochsStored(2, 1);
    expect(stage.said()).toEqual([{ kind: 'ack-epoch', lastZxid: zxid(0, 0), currentEpoch: 1 }]);
  });

  it('leaves a leader of an epoch that is older than it has accepted', () => {
    const stage = new Stage(1, historyOf([]), { acceptedEpoch: 5, currentEpoch: 1 });
    stage.replica.peerConnected(id(3));
    stage.hears(3, 'looking', 1, voteFor(3, zxid(1, 9), 1));
    stage.replica.leaderConnected(id(3), link(1));
    hears(stage, { kind: 'leader-info', epochZxid: zxid(2, 0), protocolVersion: 0x10000 });
    expect(stage.doing).toBe('looking/election/null');
  });

  it('acknowledges NEWLEADER when its history, and then its epoch, are on disk', () => {
    const stage = acceptedFollower();
    hears(stage, { kind: 'diff', zxid: zxid(1, 3) }, proposal(zxid(1, 3)), commit(zxid(1, 3)), newLeader);
    expect(stage.take('store-epochs', 'send')).toEqual([]);
    stage.replica.logSynced(zxid(1, 3));
    expect(stage.take('store-epochs', 'send')).toEqual([{ kind: 'store-epochs', acceptedEpoch: 2, currentEpoch: 2 }]);
    stage.replica.epochsStored(2, 2);
    expect(stage.said()).toEqual([{ kind: 'ack', zxid: zxid(2, 0) }]);
  });

  it('applies nothing before UPTODATE, and then all of the history that it took over', () => {
    const stage = acceptedFollower();
    hears(stage, { kind: 'diff', zxid: zxid(1, 3) }, proposal(zxid(1, 3)), commit(zxid(1, 3)), newLeader);
    stage.replica.logSynced(zxid(1, 3));
    stage.replica.epochsStored(2, 2);
    expect(stage.take('commit')).toEqual([]);
    hears(stage, upToDate);
    expect(stage.take('commit', 'state')).toMatchObject([
      { kind: 'commit', through: zxid(1, 3) },
      { kind: 'state', state: { phase: 'broadcast' } },
    ]);
    expect(stage.doing).toBe('following/broadcast/3');
  });

  it('acknowledges proposals that came before NEWLEADER without a commit, behind NEWLEADER', () => {
    const stage = acceptedFollower();
    hears(
      stage,
      { kind: 'diff', zxid: zxid(1, 2) },
      proposal(zxid(2, 1)),
      newLeader,
      proposal(zxid(2, 2)),
      commit(zxid(2, 1)),
    );
    stage.replica.logSynced(zxid(2, 2));
    stage.replica.epochsStored(2, 2);
    expect(stage.said().map((message) => 'zxid' in message && message.zxid)).toEqual([
      zxid(2, 0),
      zxid(2, 1),
      zxid(2, 2),
    ]);
  });

  it('truncates, and does not believe a sync that ended before that was done', () => {
    const stage = acceptedFollower(historyOf([zxid(1, 1), zxid(1, 2), zxid(1, 3)], zxid(1, 1)));
    hears(stage, { kind: 'trunc', zxid: zxid(1, 2) }, proposal(zxid(1, 3)), newLeader);
    expect(stage.take('truncate')).toEqual([{ kind: 'truncate', to: zxid(1, 2) }]);
    stage.replica.logSynced(zxid(1, 3));
    expect(stage.take('store-epochs')).toEqual([]);
    stage.replica.logTruncated();
    stage.replica.logSynced(zxid(1, 3));
    expect(stage.take('store-epochs')).toHaveLength(1);
  });

  it('cuts what is after a transaction that it lacks, and asks again', () => {
    const stage = acceptedFollower(historyOf([zxid(1, 1), zxid(1, 4)], zxid(1, 1)));
    hears(stage, { kind: 'trunc', zxid: zxid(1, 3) });
    expect(stage.take('truncate')).toEqual([{ kind: 'truncate', to: zxid(1, 1) }]);
    expect(stage.doing).toBe('looking/election/null');
  });

  it('turns away from an elected member that lacks what is committed, and elects it no more with that epoch', () => {
    const stage = acceptedFollower(historyOf([zxid(1, 1), zxid(1, 2)], zxid(1, 2)));
    hears(stage, { kind: 'trunc', zxid: zxid(1, 1) });
    expect(stage.doing).toBe('looking/election/null');
    expect(stage.replica.state.reason).toMatch(/^the history of member 3, .* and 0x100000002 is committed here/);
    stage.take('notify');
    stage.hears(3, 'looking', 2, voteFor(3, zxid(1, 9), 2));
    expect(stage.take('notify').map(({ notification }) => notification.vote)).not.toContainEqual(
      expect.objectContaining({ leader: 3 }),
    );
    // Once it has followed somebody into a later epoch it has what everybody has.
    stage.hears(3, 'looking', 2, voteFor(3, zxid(1, 9), 3));
    expect(stage.take('notify')[0]?.notification.vote).toMatchObject({ leader: 3, peerEpoch: 3 });
  });

  it.each([
    ['diff', zxid(1, 2)],
    ['trunc', zxid(1, 1)],
  ] as const)('turns away from an elected member that has another transaction where a %s begins', (kind, at) => {
    const plan = { kind, zxid: kind === 'diff' ? zxid(1, 3) : at };
    const same = acceptedFollower();
    hears(same, { ...plan, fingerprint: fingerprintAt(at) });
    expect(same.doing).toBe('following/synchronization/3');
    const other = acceptedFollower();
    hears(other, { ...plan, fingerprint: fingerprintAt(at) + 1 });
    expect(other.doing).toBe('looking/election/null');
    expect(other.replica.state.reason).toMatch(/has another transaction 0x10000000\d than this one's/);
    expect(other.take('truncate')).toEqual([]);
  });

  it('halts before a leader that lacks what is committed here, where a quorum follows that', () => {
    const stage = new Stage(1, historyOf([zxid(1, 1), zxid(1, 2)], zxid(1, 2)), { acceptedEpoch: 1, currentEpoch: 1 });
    stage.hears(2, 'following', 4, voteFor(3, zxid(1, 1), 2));
    stage.hears(3, 'leading', 4, voteFor(3, zxid(1, 1), 2));
    stage.replica.leaderConnected(id(3), link(1));
    hears(stage, { kind: 'leader-info', epochZxid: zxid(2, 0), protocolVersion: 0x10000 });
    stage.replica.epochsStored(2, 1);
    hears(stage, { kind: 'trunc', zxid: zxid(1, 1) });
    expect(stage.take('halt')[0]?.reason).toContain('start the member empty');
  });

  it('takes a tree in place of its history', () => {
    const stage = acceptedFollower();
    hears(stage, { kind: 'snap', zxid: zxid(1, 9) });
    expect(stage.take('receive-snapshot')).toEqual([{ kind: 'receive-snapshot', link: 1 }]);
    stage.replica.snapshotInstalled(zxid(1, 9));
    hears(stage, newLeader);
    stage.replica.epochsStored(2, 2);
    expect(stage.said()).toEqual([{ kind: 'ack', zxid: zxid(2, 0) }]);
  });

  it.each<[string, QuorumMessage]>([
    ['a gap', proposal(zxid(1, 9))],
    ['a step back', proposal(zxid(1, 1))],
    ['a commit of what was not proposed', commit(zxid(1, 9))],
    ['UPTODATE before NEWLEADER', upToDate],
    ['NEWLEADER of another epoch', { kind: 'new-leader', epochZxid: zxid(3, 0), config: null }],
    ['what only learners say', { kind: 'ack-epoch', lastZxid: zxid(1, 1), currentEpoch: 1 }],
    ['a zxid out of all range', proposal(-5 as ReturnType<typeof zxid>)],
  ])('leaves a leader that sends %s', (_title, message) => {
    const stage = acceptedFollower();
    hears(stage, { kind: 'diff', zxid: zxid(1, 2) }, message);
    expect(stage.doing).toBe('looking/election/null');
    expect(stage.take('close').map((effect) => effect.link)).toEqual([1]);
  });

  it('looks at once when its leader is gone, and after a while when it is silent', () => {
    const closed = acceptedFollower();
    closed.replica.linkClosed(link(1));
    expect(closed.doing).toBe('looking/election/null');
    const silent = acceptedFollower();
    silent.ticks(51);
    expect(silent.doing).toBe('looking/election/null');
  });
});

describe('a member whose ensemble is changed by reconfig', () => {
  it.each([
    [
      'its leader has a later list of members',
      { ...newLeader, config: configOf('100000003') },
      /version 100000003, .* has 0/,
    ],
    [
      'its leader changes the members',
      { kind: 'commit-and-activate', zxid: zxid(1, 3), designatedLeader: id(3) },
      /changed by reconfig/,
    ],
  ] as const)('stays out, with a word about what to do, when %s', (_title, message, reason) => {
    const stage = acceptedFollower();
    hears(stage, { kind: 'diff', zxid: zxid(1, 3) }, proposal(zxid(1, 3)), message);
    expect(stage.take('halt', 'store-epochs')).toEqual([{ kind: 'halt', reason: expect.stringMatching(reason) }]);
  });

  it('goes on with a leader that has the same list', () => {
    const stage = acceptedFollower();
    hears(stage, { kind: 'diff', zxid: zxid(1, 2) }, { ...newLeader, config: configOf('0') });
    expect(stage.take('halt', 'store-epochs').map(({ kind }) => kind)).toEqual(['store-epochs']);
  });
});
