import { assert, ZXID_ZERO } from '@corral/primitives';
import type { SessionTouch } from '@corral/zab';
import { OutstandingChanges, PrepareContext, SessionTracker } from '@corral/znode';
import { ClientRequests } from '../client-requests.js';
import type { CommitQueue } from '../commit-queue.js';
import { LocalSessions } from './local-sessions.js';
import type { Service, ServiceInputs } from './service.js';

/** Nothing is written, so nothing waits. */
const NO_COMMITS: CommitQueue = {
  size: 0,
  sizeBytes: 0,
  nextZxid: ZXID_ZERO,
  propose: () => {
    assert(false, 'a member without a quorum proposes nothing');
  },
  await: () => {
    assert(false, 'a member without a quorum has nothing to wait for');
  },
};

/**
 * How a member without a quorum serves, where the operator wants that: clients that accept it read what is in the tree, which may be old.
 * Their sessions are this member's alone, and end with this service.
 */
export class ReadOnlyService implements Service {
  readonly requests: ClientRequests;
  readonly sessions: LocalSessions;
  readonly commit = NO_COMMITS;
  readonly tracker: SessionTracker;
  readonly pendingSyncs = 0;

  constructor(inputs: ServiceInputs) {
    const { closeConnection, options, ports, statistics, tree, watchEvents } = inputs;
    this.tracker = new SessionTracker(ports.clock.monotonicMs());
    this.sessions = new LocalSessions({
      ...ports,
      serverId: options.serverId,
      tree,
      tracker: this.tracker,
      statistics,
      complete: (pending) => {
        this.requests.complete(pending, undefined);
      },
      closeConnection,
    });
    this.requests = new ClientRequests({
      options,
      ports,
      tree,
      // Nothing is decided here.
      prepare: new PrepareContext(tree, new OutstandingChanges(), options),
      sessions: this.sessions,
      commit: this.commit,
      forward: undefined,
      statistics,
      watchEvents,
      member: { failure: undefined, isCutOff: true, closeConnection },
    });
  }

  /** What a quorum committed before may be on this member's own disk only now; those who watch have been told by the tree. */
  applied(): void {}

  deliver(): void {}

  takeTouches(): SessionTouch[] {
    return [];
  }

  tick(nowMs: number): void {
    this.sessions.expire(nowMs);
  }

  linkClosed(): void {}
}
