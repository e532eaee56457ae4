import type { Request } from './request.js';

/** Requests that went under with this many connections are given up: the request itself may be what ends them. */
const LOSSES_MAX = 8;

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

  takeAll(): Request[] {
    const all = this.#items.slice(this.#head);
    this.#items = [];
    this.#head = 0;
    return all;
  }
}

/** The requests of a client, in order: those that wait to be sent, and those that wait for their answers. */
export class RequestQueue {
  readonly #waiting = new Fifo();
  readonly #underWay = new Fifo();

  get size(): number {
    return this.#waiting.size + this.#underWay.size;
  }

  /** The request that the next answer is for; it stays where it is. */
  get due(): Request | undefined {
    return this.#underWay.peek();
  }

  add(request: Request): void {
    this.#waiting.push(request);
  }

  /** The next request to send; those whose callers have given up are passed over. */
  nextToSend(): Request | undefined {
    for (;;) {
      const request = this.#waiting.shift();
      if (request === undefined || !request.settled) return request;
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
   * knows whether it was done.
   */
  connectionLost(): Request[] {
    const outcomeUnknown: Request[] = [];
    const again: Request[] = [];
    for (const request of this.#underWay.takeAll()) {
      if (request.settled) continue;
      request.xid = 0;
      request.lossCount += 1;
      (request.operation.repeatable && request.lossCount <= LOSSES_MAX ? again : outcomeUnknown).push(request);
    }
    const waiting = this.#waiting.takeAll();
    for (const request of again) this.#waiting.push(request);
    for (const request of waiting) this.#waiting.push(request);
    return outcomeUnknown;
  }

  /** Takes everything out, oldest first. */
  takeAll(): Request[] {
    return [...this.#underWay.takeAll(), ...this.#waiting.takeAll()];
  }
}
