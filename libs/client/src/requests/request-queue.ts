import type { Request, RequestKeeper } from './request.js';

/** Requests that went under with this many connections are given up: the request itself may be what ends them. */
const LOSSES_MAX = 8;

/** As many that nobody waits for any more may lie among those that wait; then they are sorted out as soon as they are the larger part. */
const ABANDONED_MAX = 1024;

/** A queue whose head moves, so that taking from it costs nothing, however long it is. */
class Fifo {
  #items: Request[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: Request): void {
    this.#items.push(item);
  }

  peek(): Request | undefined {
    return this.#items[this.#head];
  }

  shift(): Request | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#head = 0;
    } else if (this.#head >= 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Keeps those for which somebody waits. */
  dropSettled(): void {
    this.#items = this.takeAll().filter(({ settled }) => !settled);
  }

  takeAll(): Request[] {
    const all = this.#items.slice(this.#head);
    this.#items = [];
    this.#head = 0;
    return all;
  }
}

/** The requests of a client, in order: those that wait to be sent, and those that wait for their answers. */
export class RequestQueue implements RequestKeeper {
  readonly #waiting = new Fifo();
  readonly #underWay = new Fifo();
  /** How many of those that wait to be sent nobody waits for any more. */
  #abandonedCount = 0;

  /** How many there are that somebody waits for, or the server has yet to answer. */
  get size(): number {
    return this.#waiting.size - this.#abandonedCount + this.#underWay.size;
  }

  /** The request that the next answer is for; it stays where it is. */
  get due(): Request | undefined {
    return this.#underWay.peek();
  }

  add(request: Request): void {
    request.keeper = this;
    this.#waiting.push(request);
  }

  /** While no server is to be reached, requests with a deadline would pile up otherwise. What was sent stays: its answer will come. */
  abandoned(request: Request): void {
    if (request.xid !== 0) return;
    this.#abandonedCount += 1;
    if (this.#abandonedCount < ABANDONED_MAX || this.#abandonedCount * 2 < this.#waiting.size) return;
    this.#waiting.dropSettled();
    this.#abandonedCount = 0;
  }

  /** The next request to send; those whose callers have given up are passed over. */
  nextToSend(): Request | undefined {
    for (;;) {
      const request = this.#waiting.shift();
      if (request === undefined || !request.settled) return request;
      this.#abandonedCount -= 1;
    }
  }

  sent(request: Request): void {
    this.#underWay.push(request);
  }

  /** The request that the next answer is for. */
  nextAnswered(): Request | undefined {
    return this.#underWay.shift();
  }

  /**
   * The connection is gone. What may be repeated goes back to the front, in order; what may not is answered with, because nobody
   * knows whether it was done. Where the server could change nothing, that is known, and everything may be repeated.
   */
  connectionLost(couldChange: boolean): Request[] {
    const outcomeUnknown: Request[] = [];
    const again: Request[] = [];
    for (const request of this.#underWay.takeAll()) {
      if (request.settled) continue;
      request.xid = 0;
      request.lossCount += 1;
      const mayRepeat = request.operation.repeatable || !couldChange;
      (mayRepeat && request.lossCount <= LOSSES_MAX ? again : outcomeUnknown).push(request);
    }
    const waiting = this.#waiting.takeAll();
    for (const request of again) this.#waiting.push(request);
    for (const request of waiting) this.#waiting.push(request);
    return outcomeUnknown;
  }

  /** Takes everything out, oldest first. */
  takeAll(): Request[] {
    this.#abandonedCount = 0;
    return [...this.#underWay.takeAll(), ...this.#waiting.takeAll()];
  }
}
