import { formatSessionId, type ServerId, type SessionId } from '@corral/primitives';
import { OpCode, type Transaction } from '@corral/model';
import type { SessionTouch } from '@corral/zab';
import { BrokenPromiseError } from './broken-promise.js';
import type { ReferenceTree } from './reference-tree.js';

/**
 * A session lives while its client is heard. Whoever hears a client tells the leader with its next ping; a leader ends no session that it was told of within
 * its timeout, and none in its own first timeout; and nobody is told that a session is over unless it is.
 */
export class SessionsChecker {
  readonly #tree: ReferenceTree;
  readonly #nowMs: () => number;
  /** When each leader began, and when it was told of each session. */
  readonly #ledSinceMs = new Map<ServerId, number>();
  readonly #toldAtMs = new Map<ServerId, Map<SessionId, number>>();
  /** What each member has heard and not yet told. */
  readonly #heard = new Map<ServerId, Set<SessionId>>();
  /** Clients that have asked for the end of their session. */
  readonly #leaving = new Set<SessionId>();
  /** Sessions whose end was proposed, committed or not. */
  readonly #closing = new Set<SessionId>();
  expired = 0;

  constructor(tree: ReferenceTree, nowMs: () => number) {
    this.#tree = tree;
    this.#nowMs = nowMs;
  }

  /** A member has another role from now on, or none. */
  roleChanged(member: ServerId): void {
    this.#heard.delete(member);
    this.#toldAtMs.delete(member);
    this.#ledSinceMs.set(member, this.#nowMs());
  }

  /** A member was heard from a client whose session it serves. */
  heard(member: ServerId, sessionId: SessionId, isLeading: boolean): void {
    if (isLeading) {
      this.told(member, sessionId);
      return;
    }
    const heard = this.#heard.get(member);
    if (heard === undefined) this.#heard.set(member, new Set([sessionId]));
    else heard.add(sessionId);
  }

  /** A leader hears of a session. */
  told(leader: ServerId, sessionId: SessionId): void {
    const toldAtMs = this.#toldAtMs.get(leader) ?? new Map<SessionId, number>();
    this.#toldAtMs.set(leader, toldAtMs.set(sessionId, this.#nowMs()));
  }

  /** A learner answers its leader's ping. @throws BrokenPromiseError when it does not tell what it has heard. */
  pinging(member: ServerId, touches: readonly SessionTouch[]): void {
    const told = new Set(touches.map(({ sessionId }) => sessionId));
    for (const sessionId of this.#heard.get(member) ?? []) {
      if (told.has(sessionId)) continue;
      throw new BrokenPromiseError('Session', `${String(member)} has heard ${name(sessionId)}, and does not tell`);
    }
    this.#heard.delete(member);
  }

  leaving(sessionId: SessionId): void {
    this.#leaving.add(sessionId);
  }

  /** A leader proposes. @throws BrokenPromiseError when it ends a session that lives. */
  proposed(leader: ServerId, { change, header: { sessionId } }: Transaction): void {
    if (change.type !== OpCode.closeSession) return;
    this.#closing.add(sessionId);
    if (this.#leaving.has(sessionId)) return;
    this.expired += 1;
    const timeoutMs = this.#tree.sessions.get(sessionId)?.timeoutMs ?? 0;
    const ledSinceMs = this.#ledSinceMs.get(leader) ?? 0;
    const heardAtMs = Math.max(ledSinceMs, this.#toldAtMs.get(leader)?.get(sessionId) ?? 0);
    const silentMs = this.#nowMs() - heardAtMs;
    if (silentMs >= timeoutMs) return;
    const why = `its client was heard of ${silentMs.toFixed(0)} ms ago, within ${String(timeoutMs)} ms`;
    throw new BrokenPromiseError('Session', `${String(leader)} ends ${name(sessionId)}: ${why}`);
  }

  /** A client that came back with its session hears that it is over. @throws BrokenPromiseError when it is not. */
  refused(client: string, sessionId: SessionId): void {
    const life = this.#tree.sessions.get(sessionId);
    if (life?.closedZxid !== undefined || this.#closing.has(sessionId)) return;
    throw new BrokenPromiseError('Session', `${client} is told that ${name(sessionId)} is over; nobody has ended it`);
  }

  /** The sessions that live, by what is committed. */
  living(): SessionId[] {
    return [...this.#tree.sessions].filter(([, { closedZxid }]) => closedZxid === undefined).map(([id]) => id);
  }
}

const name = (sessionId: SessionId): string => `session ${formatSessionId(sessionId)}`;
