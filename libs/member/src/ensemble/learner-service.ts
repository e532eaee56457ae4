import { OpCode, type Transaction } from '@corral/model';
import type { DeliverEffect, SessionTouch } from '@corral/zab';
import { type ChangeResult, OutstandingChanges, PrepareContext, SessionTracker } from '@corral/znode';
import { ClientRequests } from '../client-requests.js';
import { ForwardQueue } from './forward-queue.js';
import { LearnerSessions } from './learner-sessions.js';
import type { Service, ServiceInputs } from './service.js';

/** How a follower or an observer serves: reads and watches by itself, all else by asking its leader. */
export class LearnerService implements Service {
  readonly requests: ClientRequests;
  readonly sessions: LearnerSessions;
  readonly commit: ForwardQueue;
  readonly tracker: SessionTracker;
  readonly #in: ServiceInputs;

  constructor(inputs: ServiceInputs) {
    this.#in = inputs;
    const { closeConnection, driver, options, ports, statistics, tree, watchEvents } = inputs;
    const nowMs = ports.clock.monotonicMs();
    this.tracker = new SessionTracker(nowMs);
    for (const [id, timeoutMs] of tree.sessions()) this.tracker.add(id, timeoutMs, nowMs);
    const sendToLeader = driver.links.sendToLeader.bind(driver.links);
    this.commit = new ForwardQueue({
      sendToLeader,
      complete: (pending, result) => {
        this.requests.complete(pending, result);
      },
    });
    this.sessions = new LearnerSessions({
      serverId: options.serverId,
      tracker: this.tracker,
      clock: ports.clock,
      passwords: ports.passwords,
      forward: this.commit,
      sendToLeader,
      complete: (pending) => {
        this.requests.complete(pending, undefined);
        this.requests.endBatch();
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
      forward: (pending, connection, request) => {
        this.commit.forward(pending, connection.sessionId, connection, request);
      },
      statistics,
      watchEvents,
      member: { failure: undefined, isCutOff: false, closeConnection },
    });
  }

  get pendingSyncs(): number {
    return this.commit.pendingSyncs;
  }

  applied(transaction: Transaction, result: ChangeResult | ChangeResult[]): void {
    const { change, header } = transaction;
    if (change.type === OpCode.createSession) this.sessions.opened(header.sessionId, change.timeoutMs);
    const isOurs = this.commit.applied(transaction, result);
    if (!isOurs && change.type === OpCode.closeSession) this.sessions.closed(header.sessionId, undefined);
  }

  deliver({ message }: DeliverEffect): void {
    if (message.kind === 'revalidated') {
      this.sessions.revalidated(message.sessionId, message.valid);
    } else if (message.kind === 'sync') {
      // The leader has sent all that the answer rests on; it may not be applied yet.
      const { applier } = this.#in;
      applier.await(applier.committedZxid, undefined, () => {
        this.commit.synced();
      });
    }
  }

  takeTouches(): SessionTouch[] {
    return this.sessions.takeTouches();
  }

  /** Time is the leader's business. */
  tick(): void {}

  linkClosed(): void {}
}
