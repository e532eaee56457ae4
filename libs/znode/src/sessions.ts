import type { SessionId } from '@corral/primitives';

/** A session as the member that tracks it knows it. */
export interface Session {
  readonly id: SessionId;
  timeoutMs: number;
  /** The end of the interval in which it expires unless it is heard of; on the monotonic clock. */
  expiresAtMs: number;
  /** Its closing is proposed; no request of it is accepted any more. */
  closing: boolean;
}

/**
 * How finely the ends of sessions are told apart. ZooKeeper rounds up to its tickTime; here whoever waits for a dead instance to vanish
 * waits a twentieth of a second more than its session timeout, and not two seconds.
 */
export const EXPIRY_STEP_MS = 50;

/**
 * Knows when sessions end. Expiry is rounded up to a multiple of the step, so that many sessions end together and touching one
 * is cheap; a session lives at least its timeout and at most a step longer. Time comes in from outside.
 */
export class SessionTracker {
  readonly #stepMs: number;
  readonly #sessions = new Map<SessionId, Session>();
  readonly #buckets = new Map<number, Set<Session>>();
  #nextBucketMs: number;

  constructor(nowMs: number, stepMs = EXPIRY_STEP_MS) {
    this.#stepMs = stepMs;
    this.#nextBucketMs = this.#roundUp(nowMs);
  }

  #roundUp(timeMs: number): number {
    return (Math.floor(timeMs / this.#stepMs) + 1) * this.#stepMs;
  }

  get count(): number {
    return this.#sessions.size;
  }

  get(id: SessionId): Session | undefined {
    return this.#sessions.get(id);
  }

  all(): Iterable<Session> {
    return this.#sessions.values();
  }

  /** Starts to track a session, or goes on with one that is known. */
  add(id: SessionId, timeoutMs: number, nowMs: number): Session {
    let session = this.#sessions.get(id);
    if (session === undefined) {
      session = { id, timeoutMs, expiresAtMs: 0, closing: false };
      this.#sessions.set(id, session);
    }
    this.touch(session, timeoutMs, nowMs);
    return session;
  }

  /** The client was heard. */
  touch(session: Session, timeoutMs: number, nowMs: number): void {
    if (session.closing) return;
    session.timeoutMs = timeoutMs;
    const expiresAtMs = this.#roundUp(nowMs + timeoutMs);
    if (expiresAtMs === session.expiresAtMs) return;
    this.#buckets.get(session.expiresAtMs)?.delete(session);
    session.expiresAtMs = expiresAtMs;
    let bucket = this.#buckets.get(expiresAtMs);
    if (bucket === undefined) {
      bucket = new Set();
      this.#buckets.set(expiresAtMs, bucket);
    }
    bucket.add(session);
  }

  remove(id: SessionId): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    this.#sessions.delete(id);
    this.#buckets.get(session.expiresAtMs)?.delete(session);
  }

  /** The sessions whose time is up by now; each is marked as closing and named once. */
  expire(nowMs: number): Session[] {
    const expired: Session[] = [];
    for (; this.#nextBucketMs <= nowMs; this.#nextBucketMs += this.#stepMs) {
      for (const session of this.#buckets.get(this.#nextBucketMs) ?? []) {
        if (session.closing) continue;
        session.closing = true;
        expired.push(session);
      }
      this.#buckets.delete(this.#nextBucketMs);
    }
    return expired;
  }
}
