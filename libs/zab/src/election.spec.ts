import { describe, expect, it } from '@jest/globals';
import type { PeerState } from './election-messages.js';
import { outranks } from './election/votes.js';
import { historyOf, id, Stage, voteFor, zxid } from './replica.fake.js';

describe('a vote outranks another', () => {
  it.each([
    ['by the epoch of the history first', voteFor(1, zxid(1, 1), 2), voteFor(3, zxid(1, 9), 1)],
    ['then by the last transaction', voteFor(1, zxid(1, 9), 1), voteFor(3, zxid(1, 1), 1)],
    ['then by the id', voteFor(3, zxid(1, 1), 1), voteFor(1, zxid(1, 1), 1)],
  ])('%s', (_title, better, worse) => {
    expect(outranks(better, worse)).toBe(true);
    expect(outranks(worse, better)).toBe(false);
    expect(outranks(better, { ...better })).toBe(false);
  });
});

describe('a member that looks for a leader', () => {
  it('tells every participant its own vote first', () => {
    const stage = new Stage(1, historyOf([zxid(4, 2)]), { acceptedEpoch: 5, currentEpoch: 4 });
    expect(
      stage
        .take('notify')
        .map(({ to, notification }) => [to, notification.state, notification.electionEpoch, notification.vote]),
    ).toEqual([
      [2, 'looking', 1, voteFor(1, zxid(4, 2), 4)],
      [3, 'looking', 1, voteFor(1, zxid(4, 2), 4)],
    ]);
  });

  it('takes over a better vote, and follows at once when everybody who is connected agrees', () => {
    const stage = new Stage(1);
    stage.replica.peerConnected(id(3));
    stage.hears(3, 'looking', 1, voteFor(3));
    expect(stage.doing).toBe('following/discovery/3');
  });

  it('waits a little for the vote of a member that is connected and has not voted alike', () => {
    const stage = new Stage(1);
    stage.replica.peerConnected(id(2));
    stage.replica.peerConnected(id(3));
    stage.hears(3, 'looking', 1, voteFor(3));
    expect(stage.doing).toBe('looking/election/null');
    stage.ticks(3);
    expect(stage.doing).toBe('following/discovery/3');
  });

  it('does not wait for a member that is gone', () => {
    const stage = new Stage(1);
    stage.replica.peerConnected(id(2));
    stage.replica.peerConnected(id(3));
    stage.hears(2, 'looking', 1, voteFor(2));
    expect(stage.doing).toBe('looking/election/null');
    stage.replica.peerDisconnected(id(3));
    expect(stage.doing).toBe('following/discovery/2');
  });

  it('goes on to a later round, and corrects who is in an earlier one', () => {
    const stage = new Stage(3);
    stage.replica.peerConnected(id(1));
    stage.hears(1, 'looking', 7, voteFor(1));
    stage.take('notify');
    stage.hears(2, 'looking', 6, voteFor(2));
    expect(stage.take('notify').map(({ to, notification }) => [to, notification.electionEpoch])).toEqual([[2, 7]]);
  });

  it('says a vote that it has taken over once, however often it hears it', () => {
    const stage = new Stage(1);
    stage.replica.peerConnected(id(2));
    const vote = voteFor(3);
    stage.hears(3, 'looking', 1, vote);
    stage.take('notify');
    stage.hears(3, 'looking', 1, vote);
    expect(stage.take('notify')).toEqual([]);
  });

  it('joins a leader only when a quorum follows it and it says so itself', () => {
    const stage = new Stage(1);
    stage.hears(2, 'following', 4, voteFor(3, zxid(0, 0), 1));
    expect(stage.doing).toBe('looking/election/null');
    stage.hears(3, 'leading', 4, voteFor(3, zxid(0, 0), 1));
    expect(stage.doing).toBe('following/discovery/3');
  });

  it('does not join a leader that has crashed, whatever its followers say', () => {
    const stage = new Stage(1);
    stage.hears(2, 'following', 4, voteFor(3, zxid(0, 0), 1));
    stage.hears(3, 'following', 4, voteFor(3, zxid(0, 0), 1));
    expect(stage.doing).toBe('looking/election/null');
  });

  it('says it again, less and less often', () => {
    const stage = new Stage(1);
    stage.take('notify');
    const told = Array.from({ length: 40 }, () => {
      stage.ticks(1);
      return stage.take('notify').length;
    });
    expect(told.flatMap((count, tick) => (count > 0 ? [tick + 1] : []))).toEqual([5, 15, 35]);
  });
});

describe('an observer', () => {
  it('asks without a vote, and observes whom a quorum elects', () => {
    const stage = new Stage(4);
    expect(stage.take('notify').map(({ notification }) => [notification.electionEpoch, notification.vote])).toEqual([
      [0, null],
      [0, null],
      [0, null],
    ]);
    stage.hears(2, 'looking', 5, voteFor(3));
    stage.hears(3, 'looking', 5, voteFor(3));
    stage.ticks(3);
    expect(stage.doing).toBe('observing/discovery/3');
  });

  it('corrects nobody, and is answered once a tick: two that are in different rounds would never stop', () => {
    const observer = new Stage(4);
    observer.hears(2, 'looking', 5, voteFor(2));
    observer.take('notify');
    observer.hears(1, 'looking', 3, voteFor(1));
    expect(observer.take('notify')).toEqual([]);
    const participant = new Stage(1);
    participant.take('notify');
    participant.hears(4, 'looking', 9, voteFor(2));
    participant.hears(4, 'looking', 9, voteFor(2));
    expect(participant.take('notify').map(({ to }) => to)).toEqual([4]);
  });
});

describe('a learner', () => {
  // An Apache member that was elected believes it a moment after everybody else, and opens its port then.
  it('asks an elected member that refuses it for two seconds, then looks again', () => {
    const stage = new Stage(1, undefined, undefined, { initLimit: 20 });
    stage.replica.peerConnected(id(3));
    stage.hears(3, 'looking', 1, voteFor(3));
    for (let waitedMs = 0; waitedMs < 2000; waitedMs += 40) {
      expect(stage.doing).toBe('following/discovery/3');
      stage.replica.leaderUnreachable(id(3));
      stage.ticks(2);
    }
    stage.replica.leaderUnreachable(id(3));
    expect(stage.doing).toBe('looking/election/null');
  });

  it('looks again at once when the elected member is gone', () => {
    const stage = new Stage(1);
    stage.replica.peerConnected(id(3));
    stage.hears(3, 'looking', 1, voteFor(3));
    stage.replica.peerDisconnected(id(3));
    stage.replica.leaderUnreachable(id(3));
    expect(stage.doing).toBe('looking/election/null');
  });

  it.each<[string, PeerState, number, number]>([
    ['is in a later round', 'looking', 2, 3],
    ['has taken over a better vote', 'looking', 1, 2],
    ['follows somebody', 'following', 1, 2],
  ])('looks again at once when the elected member %s', (_title, state, round, votesFor) => {
    const stage = new Stage(1);
    stage.replica.peerConnected(id(3));
    stage.hears(3, 'looking', 1, voteFor(3));
    stage.hears(3, state, round, voteFor(votesFor));
    expect(stage.doing).toBe('looking/election/null');
  });

  it.each<[string, number, PeerState, number, number]>([
    ['the elected member, which votes for itself yet', 3, 'looking', 1, 3],
    ['the elected member, which leads', 3, 'leading', 1, 3],
    ['the elected member, in an older round', 3, 'looking', 0, 2],
    ['somebody else, who has not made up his mind', 2, 'looking', 1, 2],
  ])('goes on asking whatever it hears from %s', (_title, from, state, round, votesFor) => {
    const stage = new Stage(1);
    stage.replica.peerConnected(id(3));
    stage.hears(3, 'looking', 1, voteFor(3));
    stage.hears(from, state, round, voteFor(votesFor));
    expect(stage.doing).toBe('following/discovery/3');
  });
});
