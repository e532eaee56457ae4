import { setMaxListeners } from 'node:events';
import type { RecordReader, RecordWriter } from '@corral/wire';
import type { OpCode } from '@corral/model';
import { abortReason } from '../errors/abort-reason.js';
import type { Arming } from '../watches/watch-table.js';

/** One kind of request: how it is written, and what its answer means. */
export interface Operation<Body, Result> {
  /** As errors name it. */
  readonly name: string;
  readonly type: OpCode;
  /** Whether it may be sent again when the connection is lost before the answer: it changes nothing, or the same thing again. */
  readonly repeatable: boolean;
  /** Whether `noNode` is an answer, `undefined`, and not an error. */
  readonly absentIsAnswer?: boolean;
  readonly write: ((writer: RecordWriter, body: Body) => void) | null;
  readonly read: (reader: RecordReader, body: Body) => Result;
}

/** An operation whose types are nobody's business any more. */
export type AnyOperation = Operation<never, unknown>;

/** Where a request waits. */
export interface RequestKeeper {
  /** Its caller has given it up. */
  abandoned(request: Request): void;
}

/** A request between the call and the answer. */
export class Request {
  /** The number under which it was sent; 0 while it was not. */
  xid = 0;
  /** How often it was under way when a connection broke. */
  lossCount = 0;
  /** Whether nobody waits for it any more. */
  settled = false;
  /** Who has to know when its caller gives it up. */
  keeper: RequestKeeper | undefined;
  readonly operation: AnyOperation;
  readonly body: unknown;
  /** The path as the caller named it, for errors. */
  readonly path: string | undefined;
  /** The watch that the answer sets, if any. */
  readonly arming: Arming | undefined;
  readonly #resolve: (result: never) => void;
  readonly #reject: (error: Error) => void;
  /** Takes the listener from the caller's signal, once the answer is there. */
  #release: (() => void) | undefined;

  constructor(question: RequestParts, resolve: (result: never) => void, reject: (error: Error) => void) {
    this.operation = question.operation;
    this.body = question.body;
    this.path = question.path;
    this.arming = question.arming;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** The caller gives up. What was sent stays sent. */
  abandon(reason: Error): void {
    if (this.settled) return;
    this.fail(reason);
    this.keeper?.abandoned(this);
  }

  /** The caller gives up when the signal says so. */
  abandonOn(signal: AbortSignal): void {
    const abandon = (): void => {
      this.abandon(abortReason(signal));
    };
    expectMany(signal);
    signal.addEventListener('abort', abandon, { once: true });
    this.#release = () => {
      signal.removeEventListener('abort', abandon);
    };
  }

  succeed(result: unknown): void {
    this.settled = true;
    this.#release?.();
    this.#resolve(result as never);
  }

  fail(error: Error): void {
    this.settled = true;
    this.#release?.();
    this.#reject(error);
  }
}

/** Node warns of a leak from the eleventh listener on. Each request takes its own away, and `requestsOutstandingMax` bounds how many there are. */
function expectMany(signal: AbortSignal): void {
  try {
    setMaxListeners(0, signal);
  } catch {
    // A signal that is not Node's own warns of nothing.
  }
}

/** What a request is made of. */
export interface RequestParts {
  readonly operation: AnyOperation;
  readonly body: unknown;
  readonly path: string | undefined;
  readonly arming?: Arming | undefined;
}
