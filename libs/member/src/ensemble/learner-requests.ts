import type { ServerId, SessionId } from '@corral/primitives';
import { type Change, ErrorCode, type Identity, OpCode } from '@corral/model';
import type { LinkId, PassedMessage, QuorumMessage, RequestMessage } from '@corral/zab';
import { MalformedRecordError, RecordReader } from '@corral/wire';
import type { PrepareContext, SessionTracker } from '@corral/znode';
import { ownRequest, type Pending } from '../commit-queue.js';
import type { Clock } from '../ports.js';
import { decideWrite, type Decision } from '../requests/writes.js';
import type { SessionKeeper } from '../session-keeper.js';
import type { LeaderCommit } from './leader-commit.js';
import { refusalChange } from './refusal-of.js';

/** What a leader needs to serve its learners. */
export interface LearnerRequestsInputs {
  readonly prepare: PrepareContext;
  readonly commit: LeaderCommit;
  readonly sessions: SessionKeeper;
  readonly tracker: SessionTracker;
  readonly clock: Clock;
  readonly send: (link: LinkId, message: QuorumMessage) => void;
}

/** What learners ask of their leader on behalf of their clients. What is refused becomes a transaction too: it is the answer. */
export class LearnerRequests {
  readonly #in: LearnerRequestsInputs;
  readonly #reader = new RecordReader();
  /** Through which learner a session is served; none where it is served here, or nobody has asked for anything yet. */
  readonly #owners = new Map<SessionId, LinkId>();

  constructor(inputs: LearnerRequestsInputs) {
    this.#in = inputs;
  }

  /** A learner's message, in its place among the commits. */
  take(link: LinkId, _from: ServerId, message: PassedMessage): void {
    switch (message.kind) {
      case 'request':
        this.#request(link, message);
        return;
      case 'ping':
        for (const { sessionId, timeoutMs } of message.touches ?? []) this.#touch(sessionId, timeoutMs);
        return;
      case 'revalidate':
        this.#revalidate(link, message.sessionId, message.timeoutMs);
        return;
      default:
    }
  }

  #touch(id: SessionId, timeoutMs: number): void {
    const { clock, tracker } = this.#in;
    const session = tracker.get(id);
    if (session !== undefined) tracker.touch(session, timeoutMs, clock.monotonicMs());
  }

  #revalidate(link: LinkId, sessionId: SessionId, timeoutMs: number): void {
    const session = this.#in.tracker.get(sessionId);
    const valid = session !== undefined && !session.closing;
    if (valid) {
      this.#touch(sessionId, timeoutMs);
      this.#owners.set(sessionId, link);
      this.#in.sessions.movedAway(sessionId);
    }
    const answer = (): void => {
      this.#in.send(link, { kind: 'revalidated', sessionId, valid });
    };
    const { clock, commit } = this.#in;
    if (valid) {
      answer();
    } else if (commit.canPropose) {
      // Only a leader that still leads knows that there is no such session: a newer one may have opened it.
      commit.proposeNothing(clock.wallClockMs());
      commit.afterProposed(answer);
    }
  }

  #request(link: LinkId, message: RequestMessage): void {
    const { clock, commit, sessions, tracker } = this.#in;
    const { sessionId, cxid, type } = message;
    const pending = { ...ownRequest(type, clock.monotonicMs()), xid: cxid };
    switch (type) {
      case OpCode.sync:
        commit.proposeNothing(clock.wallClockMs());
        commit.afterProposed(() => {
          this.#in.send(link, { kind: 'sync' });
        });
        return;
      case OpCode.createSession:
        this.#owners.set(sessionId, link);
        sessions.open(sessionId, this.#read(message).readInt(), pending);
        return;
      case OpCode.closeSession: {
        const session = tracker.get(sessionId);
        if (session === undefined) sessions.closeById(sessionId, pending);
        else sessions.close(session, pending);
        return;
      }
      default:
        this.#write(link, message, pending);
    }
  }

  #read({ request }: RequestMessage): RecordReader {
    const buffer = Buffer.from(request.buffer, request.byteOffset, request.length);
    return this.#reader.reset(buffer, 0, buffer.length);
  }

  #write(link: LinkId, message: RequestMessage, pending: Pending): void {
    const { clock, commit, prepare } = this.#in;
    const fault = this.#faultOf(message.sessionId, link);
    prepare.zxid = commit.nextZxid;
    const decision = fault === ErrorCode.ok ? this.#decide(message) : fault;
    commit.propose(pending, message.sessionId, clock.wallClockMs(), changeOf(decision));
  }

  /** A request that comes from where its client no longer is must not be carried out: the client may have sent it again elsewhere. */
  #faultOf(id: SessionId, link: LinkId): ErrorCode {
    const { sessions, tracker } = this.#in;
    const session = tracker.get(id);
    if (session === undefined || session.closing) return ErrorCode.sessionExpired;
    const owner = this.#owners.get(id);
    if (sessions.isHeldHere(id) || (owner !== undefined && owner !== link)) return ErrorCode.sessionMoved;
    this.#owners.set(id, link);
    return ErrorCode.ok;
  }

  #decide(message: RequestMessage): Decision {
    const { sessionId, type } = message;
    const identities: readonly Identity[] = message.identities ?? [];
    try {
      return decideWrite(this.#in.prepare, type, this.#read(message), { sessionId, identities });
    } catch (error) {
      if (error instanceof MalformedRecordError) return ErrorCode.marshallingError;
      throw error;
    }
  }

  /** A client of this member's own has taken the session up. */
  attachedHere(id: SessionId): void {
    this.#owners.delete(id);
  }

  /** The session is over. */
  closed(id: SessionId): void {
    this.#owners.delete(id);
  }

  /** The learner is gone; its clients will turn up elsewhere. */
  linkClosed(link: LinkId): void {
    for (const [id, owner] of this.#owners) if (owner === link) this.#owners.delete(id);
  }
}

/**
 * What is proposed for a decision. A lone check that holds has no transaction that all kinds of members could read; Corral's learners send none, and
 * Apache's could answer none.
 */
function changeOf(decision: Decision): Change {
  if (typeof decision === 'object' && !('length' in decision)) return decision;
  return refusalChange(decision === ErrorCode.ok ? ErrorCode.unimplemented : decision);
}
