import type { ReadPacket, WritePacket } from '@nestjs/microservices';
import type { Timers } from '@corral/client';
import type { Outcome } from '@corral/registry';
import { ServiceTimeoutError } from './client-errors.js';
import type { Reached } from './reach.js';

/** What an exchange is told. */
export interface ExchangeOptions {
  readonly service: string;
  /** The longest silence: before the first answer, and between two of them. */
  readonly timeoutMs: number;
  readonly timers: Timers;
}

/**
 * One request to one instance, until its last answer. It tells the pool what came of it: an answer is a success, also when it is an
 * error of the service's own; silence and a lost connection are failures; a caller who walked away says nothing about the instance.
 */
export class Exchange {
  readonly #reached: Reached;
  readonly #options: ExchangeOptions;
  readonly #onAnswer: (packet: WritePacket) => void;
  #stopListening: (() => void) | undefined;
  #timer: unknown;
  #isOver = false;

  constructor(reached: Reached, options: ExchangeOptions, onAnswer: (packet: WritePacket) => void) {
    this.#reached = reached;
    this.#options = options;
    this.#onAnswer = onAnswer;
  }

  /** Sends the request. */
  begin(packet: ReadPacket): void {
    this.#restartTimer();
    this.#stopListening = this.#reached.link.request(packet, (answer) => this.#take(answer));
  }

  /** The caller wants no more answers. */
  abandon(): void {
    if (!this.#isOver) this.#end('ignored');
  }

  #take(answer: WritePacket): void {
    if (this.#isOver) return;
    // What a service answers came as JSON and is no Error; an Error is made on this side, when the connection is lost.
    const isLost = (answer.err as unknown) instanceof Error;
    const isLast = isLost || answer.isDisposed === true;
    if (isLast) this.#end(isLost ? 'failure' : 'success');
    else this.#restartTimer();
    this.#onAnswer(isLost ? { ...answer, isDisposed: true } : answer);
  }

  #onSilence(): void {
    const { service, timeoutMs } = this.#options;
    this.#end('failure');
    this.#onAnswer({ err: new ServiceTimeoutError(service, this.#reached.where, timeoutMs), isDisposed: true });
  }

  #restartTimer(): void {
    const { timers, timeoutMs } = this.#options;
    if (this.#timer !== undefined) timers.clearTimeout(this.#timer);
    this.#timer = timers.setTimeout(() => this.#onSilence(), timeoutMs);
  }

  #end(outcome: Outcome): void {
    this.#isOver = true;
    this.#options.timers.clearTimeout(this.#timer);
    this.#stopListening?.();
    this.#reached.finish(outcome);
  }
}
