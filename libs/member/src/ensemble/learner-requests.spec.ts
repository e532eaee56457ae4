import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Change, ErrorCode, OpCode } from '@corral/model';
import type { ServerId, SessionId, Zxid } from '@corral/primitives';
import type { LinkId, QuorumMessage, RequestMessage } from '@corral/zab';
import { type PrepareContext, SessionTracker } from '@corral/znode';
import type { SessionKeeper } from '../session-keeper.js';
import type { LeaderCommit } from './leader-commit.js';
import { LearnerRequests } from './learner-requests.js';

const SESSION = 7n as SessionId;
const [LINK, OTHER_LINK] = [1 as LinkId, 2 as LinkId];
const FROM = 2 as ServerId;

describe('what a learner asks of its leader', () => {
  let nowMs: number;
  let tracker: SessionTracker;
  let heldHere: boolean;
  let story: unknown[];
  let afterProposed: (() => void)[];
  let requests: LearnerRequests;

  beforeEach(() => {
    nowMs = 0;
    tracker = new SessionTracker(nowMs);
    tracker.add(SESSION, 1000, nowMs);
    heldHere = false;
    story = [];
    afterProposed = [];
    const commit = {
      nextZxid: 1 as Zxid,
      canPropose: true,
      propose: (pending: { xid: number }, session: SessionId, _timeMs: number, change: Change) => {
        story.push(['proposed', session, pending.xid, 'code' in change ? change.code : change.type]);
      },
      proposeNothing: () => story.push(['proposed nothing']),
      afterProposed: (run: () => void) => afterProposed.push(run),
    };
    requests = new LearnerRequests({
      // Nothing here gets so far that the tree is looked at.
      prepare: { zxid: 0 } as unknown as PrepareContext,
      commit: commit as unknown as LeaderCommit,
      sessions: {
        isHeldHere: () => heldHere,
        movedAway: (id: SessionId) => story.push(['moved away', id]),
      } as unknown as SessionKeeper,
      tracker,
      clock: { wallClockMs: () => 0, monotonicMs: () => nowMs },
      send: (link: LinkId, message: QuorumMessage) => story.push(['sent', link, message]),
    });
  });

  /** A setData whose body is cut short: one that is let in is refused as malformed. */
  const request = (cxid: number, type: number = OpCode.setData): RequestMessage => ({
    kind: 'request',
    sessionId: SESSION,
    cxid,
    type,
    request: Buffer.alloc(0),
    identities: [],
  });
  const revalidation = { kind: 'revalidate', sessionId: SESSION, timeoutMs: 1000 } as const;

  it('is answered by a transaction, though it is an error', () => {
    requests.take(LINK, FROM, request(5));
    expect(story).toEqual([['proposed', SESSION, 5, ErrorCode.marshallingError]]);
  });

  it('is refused when its session is over', () => {
    tracker.remove(SESSION);
    requests.take(LINK, FROM, request(5));
    expect(story).toEqual([['proposed', SESSION, 5, ErrorCode.sessionExpired]]);
  });

  it('is refused from where its session no longer is: the client may have sent it again elsewhere', () => {
    requests.take(LINK, FROM, request(1));
    requests.take(OTHER_LINK, FROM, revalidation);
    requests.take(LINK, FROM, request(2));
    requests.take(OTHER_LINK, FROM, request(2));
    expect(story.filter((what) => (what as unknown[])[0] === 'proposed')).toEqual([
      ['proposed', SESSION, 1, ErrorCode.marshallingError],
      ['proposed', SESSION, 2, ErrorCode.sessionMoved],
      ['proposed', SESSION, 2, ErrorCode.marshallingError],
    ]);
  });

  it('is refused when a client of the leader’s own has the session', () => {
    heldHere = true;
    requests.take(LINK, FROM, request(3));
    expect(story).toEqual([['proposed', SESSION, 3, ErrorCode.sessionMoved]]);
  });

  it('is let in from anywhere once the learner that had the session is gone', () => {
    requests.take(LINK, FROM, request(1));
    requests.linkClosed(LINK);
    requests.take(OTHER_LINK, FROM, request(2));
    expect(story.at(-1)).toEqual(['proposed', SESSION, 2, ErrorCode.marshallingError]);
  });

  it('keeps a session alive by its pings, and by asking for it', () => {
    nowMs = 900;
    const touches = [{ sessionId: SESSION, timeoutMs: 1000 }];
    requests.take(LINK, FROM, { kind: 'ping', zxid: 0 as Zxid, touches });
    expect(tracker.get(SESSION)?.expiresAtMs).toBeGreaterThanOrEqual(1900);
    nowMs = 1800;
    requests.take(LINK, FROM, revalidation);
    expect(tracker.get(SESSION)?.expiresAtMs).toBeGreaterThanOrEqual(2800);
    expect(story).toContainEqual(['sent', LINK, { kind: 'revalidated', sessionId: SESSION, valid: true }]);
    expect(story).toContainEqual(['moved away', SESSION]);
  });

  it('is told that a session is over, once a quorum has confirmed that this leader still leads', () => {
    tracker.remove(SESSION);
    requests.take(LINK, FROM, revalidation);
    expect(story).toEqual([['proposed nothing']]);
    for (const run of afterProposed) run();
    expect(story.at(-1)).toEqual(['sent', LINK, { kind: 'revalidated', sessionId: SESSION, valid: false }]);
  });

  it('is a sync that is answered when a quorum has confirmed all that was proposed before', () => {
    requests.take(LINK, FROM, request(4, OpCode.sync));
    expect(story).toEqual([['proposed nothing']]);
    for (const run of afterProposed) run();
    expect(story).toEqual([['proposed nothing'], ['sent', LINK, { kind: 'sync' }]]);
  });
});
