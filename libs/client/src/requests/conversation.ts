import { ErrorCode, OpCode } from '@corral/model';
import { ProtocolViolationError, type RecordReader } from '@corral/wire';
import { ConnectionLossError, InvalidOptionError, RequestTooLargeError } from '../errors/connection-errors.js';
import { errorOfCode } from '../errors/error-of-code.js';
import { UnimplementedError } from '../errors/server-errors.js';
import type { Link } from '../session/link.js';
import type { Arming, WatchKind } from '../watches/watch-table.js';
import { RequestQueue } from './request-queue.js';
import type { Request } from './request.js';

/** So much is encoded in one turn at most; the rest waits until it has gone. */
const TURN_SIZE_BYTES_MAX = 1024 * 1024;

/** Request numbers are positive and 32 bits wide. */
const XID_MAX = 0x7fff_ffff;

/** What a conversation tells. */
export interface ConversationEvents {
  /** An answer shows how far the server has come. */
  readonly answered: (zxid: number) => void;
  /** The server has answered an operation, be it with an error. */
  readonly knows: (type: OpCode) => void;
  /** An answer has set a watch. */
  readonly armed: (kind: WatchKind, arming: Arming) => void;
  /** Whether the server has to set this watch, now that the request is about to be written. */
  readonly needsWatch: (arming: Arming) => boolean;
  /** The server does not know an operation. */
  readonly refusedAsUnknown: (type: OpCode) => void;
}

/** Requests and their answers: numbers them, writes them, and matches each answer with the oldest request under way. */
export class Conversation {
  readonly #queue = new RequestQueue();
  readonly #requestSizeBytesMax: number;
  readonly #events: ConversationEvents;
  #lastXid = 0;
  /** Called when the server has answered `writeClose`. */
  #onSessionClosed: (() => void) | undefined;

  constructor(requestSizeBytesMax: number, events: ConversationEvents) {
    this.#requestSizeBytesMax = requestSizeBytesMax;
    this.#events = events;
  }

  /** How many requests wait, for their turn or for their answers. */
  get size(): number {
    return this.#queue.size;
  }

  add(request: Request): void {
    this.#queue.add(request);
  }

  /** Writes as many requests as are fit to be sent in one turn. */
  write(link: Link): void {
    const { frames } = link;
    while (frames.length < TURN_SIZE_BYTES_MAX) {
      const request = this.#queue.nextToSend();
      if (request === undefined) return;
      this.#writeOne(link, request);
    }
    link.scheduleFlush();
  }

  #writeOne({ frames }: Link, request: Request): void {
    const { arming, operation, path } = request;
    const body = arming === undefined ? request.body : { path: arming.path, watch: this.#events.needsWatch(arming) };
    const at = frames.beginFrame();
    frames.writeInt(this.#nextXid());
    frames.writeInt(operation.type);
    try {
      operation.write?.(frames, body as never);
    } catch (cause) {
      // A value of the wrong type, which the compiler would have refused, must not end the process.
      frames.truncate(at);
      request.fail(new InvalidOptionError(operation.name, 'the request cannot be written', { cause }));
      return;
    }
    const sizeBytes = frames.length - at - 4;
    if (sizeBytes > this.#requestSizeBytesMax) {
      frames.truncate(at);
      request.fail(new RequestTooLargeError(operation.name, path, sizeBytes, this.#requestSizeBytesMax));
      return;
    }
    frames.endFrame(at);
    request.xid = this.#lastXid;
    this.#queue.sent(request);
  }

  #nextXid(): number {
    this.#lastXid = this.#lastXid === XID_MAX ? 1 : this.#lastXid + 1;
    return this.#lastXid;
  }

  /** Asks the server to end the session, ahead of everything that waits. */
  writeClose(link: Link, onClosed: () => void): void {
    const { frames } = link;
    const at = frames.beginFrame();
    frames.writeInt(this.#nextXid());
    frames.writeInt(OpCode.closeSession);
    frames.endFrame(at);
    this.#onSessionClosed = onClosed;
    link.scheduleFlush();
  }

  /** An answer has come. @throws ProtocolViolationError when it is not for the request whose turn it is. */
  take(xid: number, zxid: number, err: number, reader: RecordReader): void {
    if (this.#onSessionClosed !== undefined) {
      const closed = this.#onSessionClosed;
      this.#onSessionClosed = undefined;
      closed();
      return;
    }
    const request = this.#queue.nextAnswered();
    if (request === undefined) throw new ProtocolViolationError(`answer ${xid} to no request`);
    if (request.xid !== xid) {
      request.fail(new ConnectionLossError(request.operation.name, request.path));
      throw new ProtocolViolationError(`answer ${xid}, where ${request.xid} is due`);
    }
    this.#events.answered(zxid);
    this.#events.knows(request.operation.type);
    if (request.settled) return;
    this.#answer(request, err, reader);
  }

  #answer(request: Request, err: number, reader: RecordReader): void {
    const { arming, body, operation, path } = request;
    if (err === ErrorCode.ok) {
      let result: unknown;
      try {
        result = operation.read(reader, body as never);
      } catch (cause) {
        request.fail(new ConnectionLossError(operation.name, path, { cause }));
        throw cause;
      }
      if (arming !== undefined) this.#events.armed(arming.kind === 'exists' ? 'data' : arming.kind, arming);
      request.succeed(result);
      return;
    }
    if (err === ErrorCode.noNode && arming?.kind === 'exists') this.#events.armed('exists', arming);
    if (err === ErrorCode.noNode && operation.absentIsAnswer === true) {
      request.succeed(undefined);
      return;
    }
    request.fail(errorOfCode(err, operation.name, path));
    if (err === ErrorCode.unimplemented) this.#events.refusedAsUnknown(operation.type);
  }

  /** The operation whose answer is due next. */
  get due(): OpCode | undefined {
    return this.#queue.due?.operation.type;
  }

  /** The server does not know this operation. If it is due, there will be no answer; of a change, still nobody knows the outcome. */
  refuseDue(type: OpCode): void {
    const request = this.#queue.due;
    if (request === undefined || request.settled) return;
    const { operation, path } = request;
    if (operation.type !== type || !operation.repeatable) return;
    const cause = new Error('the server hangs up each time it is asked');
    request.fail(new UnimplementedError(operation.name, path, { cause }));
  }

  /**
   * The connection is gone: what may be repeated waits for the next, of the rest nobody knows the outcome. `couldChange`: whether the server
   * took writes; if not, all that it did not answer may be repeated.
   */
  connectionLost(cause: Error, couldChange: boolean): void {
    this.#onSessionClosed = undefined;
    for (const request of this.#queue.connectionLost(couldChange)) {
      request.fail(new ConnectionLossError(request.operation.name, request.path, { cause }));
    }
  }

  /** Answers everything with an error. */
  failAll(errorFor: (request: Request) => Error): void {
    for (const request of this.#queue.takeAll()) if (!request.settled) request.fail(errorFor(request));
  }
}
