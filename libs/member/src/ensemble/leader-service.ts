import { NO_SESSION } from '@corral/primitives';
import { OpCode, type Transaction } from '@corral/model';
import type { DeliverEffect, LinkId, SessionTouch } from '@corral/zab';
import {
  type ChangeResult,
  OutstandingChanges,
  PrepareContext,
  prepareDeleteContainer,
  SessionTracker,
} from '@corral/znode';
import { ClientRequests } from '../client-requests.js';
import { ownRequest, type Pending } from '../commit-queue.js';
import { Reaper } from '../reaper.js';
import { SessionKeeper } from '../session-keeper.js';
import { settleChange } from '../settle-change.js';
import { LeaderCommit } from './leader-commit.js';
import { LearnerRequests } from './learner-requests.js';
import type { Service, ServiceInputs } from './service.js';

/** So long after the last tick the process must have stood still. */
const STALL_MS = 300;

/** Why a leader takes no writes for a moment. */
class EpochEndedError extends Error {
  override readonly name = 'EpochEndedError';
}

/** How a leader serves: it decides about its own clients' requests and the learners', and knows which session was heard when. */
export class LeaderService implements Service {
  readonly requests: ClientRequests;
  readonly sessions: SessionKeeper;
  readonly commit: LeaderCommit;
  readonly tracker: SessionTracker;
  readonly pendingSyncs = 0;
  readonly #in: ServiceInputs;
  readonly #outstanding = new OutstandingChanges();
  readonly #prepare: PrepareContext;
  readonly #learners: LearnerRequests;
  readonly #reaper: Reaper;
  #tickedAtMs: number;
  #wasStalled = false;

  constructor(inputs: ServiceInputs) {
    this.#in = inputs;
    const { applier, closeConnection, driver, options, ports, statistics, tree, watchEvents } = inputs;
    this.#prepare = new PrepareContext(tree, this.#outstanding, options);
    this.commit = new LeaderCommit(driver, applier);
    this.tracker = new SessionTracker(ports.clock.monotonicMs());
    this.#tickedAtMs = ports.clock.monotonicMs();
    this.sessions = new SessionKeeper({
      ...ports,
      serverId: options.serverId,
      tree,
      prepare: this.#prepare,
      tracker: this.tracker,
      commit: this.commit,
      canPropose: () => driver.nextZxid !== undefined,
      statistics,
      closeConnection,
    });
    this.#learners = new LearnerRequests({
      prepare: this.#prepare,
      commit: this.commit,
      sessions: this.sessions,
      tracker: this.tracker,
      clock: ports.clock,
      send: (link, message) => {
        driver.links.sendTo(link, message);
      },
    });
    const epochEnded = new EpochEndedError(
      'the epoch has no number left for a transaction; the next one is about to begin',
    );
    this.requests = new ClientRequests({
      options,
      ports,
      tree,
      prepare: this.#prepare,
      sessions: this.sessions,
      commit: this.commit,
      forward: undefined,
      statistics,
      watchEvents,
      member: {
        get failure() {
          return driver.nextZxid === undefined ? epochEnded : undefined;
        },
        isCutOff: false,
        closeConnection,
      },
    });
    this.#reaper = new Reaper(options, tree);
  }

  applied({ change, header }: Transaction, result: ChangeResult | ChangeResult[], pending: Pending | undefined): void {
    settleChange(this.#outstanding, change, header);
    if (change.type === OpCode.closeSession) this.#learners.closed(header.sessionId);
    if (pending !== undefined) this.requests.complete(pending, result);
    else if (change.type === OpCode.closeSession) this.sessions.closed(header.sessionId, undefined);
  }

  deliver({ link, from, message }: DeliverEffect): void {
    if (this.#in.driver.nextZxid !== undefined || message.kind !== 'request') this.#learners.take(link, from, message);
  }

  takeTouches(): SessionTouch[] {
    return [];
  }

  tick(nowMs: number): void {
    const { driver, ports } = this.#in;
    if (this.#isAfterStall(nowMs) || driver.nextZxid === undefined) return;
    this.sessions.expire(nowMs);
    const wallClockMs = ports.clock.wallClockMs();
    for (const path of this.#reaper.due(nowMs, wallClockMs)) {
      if (driver.nextZxid === undefined) return;
      this.#prepare.zxid = this.commit.nextZxid;
      const verdict = prepareDeleteContainer(this.#prepare, path);
      if (typeof verdict === 'number') continue;
      this.commit.propose(ownRequest(OpCode.deleteContainer, nowMs), NO_SESSION, wallClockMs, verdict);
    }
  }

  /** After a stall what has arrived meanwhile may lie unread: the first tick ends nobody's session. */
  #isAfterStall(nowMs: number): boolean {
    const isStalled = nowMs - this.#tickedAtMs > STALL_MS;
    const isFirst = isStalled && !this.#wasStalled;
    this.#tickedAtMs = nowMs;
    this.#wasStalled = isStalled;
    return isFirst;
  }

  linkClosed(link: LinkId): void {
    this.#learners.linkClosed(link);
  }
}
