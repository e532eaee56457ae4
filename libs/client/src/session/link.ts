import { type ConnectRequest, type ConnectResponse, OpCode } from '@corral/model';
import {
  FrameLengthError,
  FrameSplitter,
  MalformedRecordError,
  ProtocolViolationError,
  readConnectResponse,
  RecordReader,
  RecordWriter,
  writeConnectRequest,
  Xid,
} from '@corral/wire';
import { errorOfCode } from '../errors/error-of-code.js';
import type { Timers } from '../ports/timers.js';
import type { Channel, HostAddress, Transport } from '../ports/transport.js';
import { pulse } from './heartbeat.js';

/** A handshake is answered by more. */
const REPLY_HEADER_SIZE_BYTES = 16;

/** What a link tells whoever opened it. Each call is made from an event of the channel or a timer, never from within a call of the link. */
export interface LinkOwner {
  /** The server has answered the handshake. */
  onGreeted(response: ConnectResponse): void;
  /** An answer has come; the reader stands at its body, which is there when `err` is 0. It is valid until the call returns. */
  onReply(xid: number, zxid: number, err: number, reader: RecordReader): void;
  /** There is room, and it is time to write what waits: `frames` may be called. */
  onWritable(): void;
  /** The connection is gone (`isHangUp`: the other side ended it) or was given up. The last thing that is told. */
  onDown(reason: string, cause: Error | undefined, isHangUp: boolean): void;
}

/** What a link works with. */
export interface LinkInputs {
  readonly transport: Transport;
  readonly timers: Timers;
  readonly address: HostAddress;
  readonly greeting: ConnectRequest;
  /** How long reaching the server and its answer to the handshake may take together. */
  readonly connectTimeoutMs: number;
  /** A longer answer is not from a server that can be trusted. */
  readonly replySizeBytesMax: number;
}

/** One connection to one server: frames in and out, one write for a turn of the loop, pings, and the decision that it is dead. */
export class Link {
  readonly address: HostAddress;
  /** When the server was last heard; the time of the attempt, before it was. */
  lastHeardMs: number;
  readonly #in: LinkInputs;
  readonly #owner: LinkOwner;
  readonly #channel: Channel;
  readonly #writer = new RecordWriter();
  readonly #reader = new RecordReader();
  readonly #splitter: FrameSplitter;
  #phase: 'opening' | 'greeting' | 'open' | 'down' = 'opening';
  #lastSentMs: number;
  #sessionTimeoutMs = 0;
  #timer: unknown;
  #flushIsDue = false;
  #full = false;

  constructor(inputs: LinkInputs, owner: LinkOwner) {
    const { address, timers, transport } = inputs;
    this.#in = inputs;
    this.#owner = owner;
    this.address = address;
    this.#splitter = new FrameSplitter(inputs.replySizeBytesMax);
    this.lastHeardMs = timers.nowMs();
    this.#lastSentMs = this.lastHeardMs;
    this.#timer = timers.setTimeout(() => {
      this.#down(`no answer within ${inputs.connectTimeoutMs} ms`, undefined);
    }, inputs.connectTimeoutMs);
    this.#channel = transport.connect(address, {
      onOpened: () => {
        this.#greet();
      },
      onBytes: (chunk) => {
        this.#take(chunk);
      },
      onDrained: () => {
        this.#full = false;
        this.scheduleFlush();
      },
      onClosed: (error) => {
        this.#down(error === undefined ? 'the server closed the connection' : error.message, error, true);
      },
    });
  }

  /** Where requests are written; they leave at the end of the turn. Each is a frame of the writer. */
  get frames(): RecordWriter {
    return this.#writer;
  }

  /** Whether the server takes what it is sent; otherwise requests had better wait. */
  get isFull(): boolean {
    return this.#full;
  }

  /** Makes sure that `onWritable` is called at the end of this turn, and that what was written then leaves. */
  scheduleFlush(): void {
    if (this.#flushIsDue || this.#phase === 'down') return;
    this.#flushIsDue = true;
    this.#in.timers.defer(this.#flush);
  }

  /** Gives the connection up, silently. */
  drop(): void {
    this.#leave();
    this.#channel.destroy();
  }

  /** Sends what was written and ends the connection, silently. */
  end(): void {
    if (this.#phase === 'down') return;
    this.#send();
    this.#leave();
    this.#channel.end();
  }

  readonly #flush = (): void => {
    this.#flushIsDue = false;
    if (this.#phase === 'down') return;
    if (this.#phase === 'open' && !this.#full) this.#owner.onWritable();
    this.#send();
  };

  #send(): void {
    const writer = this.#writer;
    if (writer.length === 0) return;
    this.#lastSentMs = this.#in.timers.nowMs();
    // A copy: the writer's memory is used again in the next turn, while these bytes may still wait for the socket.
    this.#full = !this.#channel.write(Buffer.from(writer.buffer.subarray(0, writer.length)));
    writer.clear();
  }

  #greet(): void {
    if (this.#phase !== 'opening') return;
    this.#phase = 'greeting';
    const at = this.#writer.beginFrame();
    writeConnectRequest(this.#writer, this.#in.greeting);
    this.#writer.endFrame(at);
    this.#send();
  }

  #take(chunk: Buffer): void {
    if (this.#phase === 'down') return;
    this.lastHeardMs = this.#in.timers.nowMs();
    try {
      this.#splitter.push(chunk, this.#onFrame);
    } catch (error) {
      if (!isServersFault(error)) throw error;
      this.#down(`the server's answer makes no sense: ${error.message}`, error);
    }
  }

  readonly #onFrame = (buffer: Buffer, start: number, end: number): void => {
    const reader = this.#reader.reset(buffer, start, end);
    if (this.#phase === 'greeting') {
      if (end - start === REPLY_HEADER_SIZE_BYTES) {
        this.#refused(reader);
        return;
      }
      this.#phase = 'open';
      this.#owner.onGreeted(readConnectResponse(reader));
      return;
    }
    const xid = reader.readInt();
    const zxid = reader.readLong();
    const err = reader.readInt();
    if (xid !== Xid.ping) this.#owner.onReply(xid, zxid, err, reader);
  };

  /** An error instead of a greeting: so does a read-only server of Apache's that grants no new sessions. */
  #refused(reader: RecordReader): void {
    reader.readInt();
    reader.readLong();
    const error = errorOfCode(reader.readInt(), 'connect', undefined);
    this.#down(`the server refuses the handshake: ${error.message}`, error);
  }

  /** The session's timeout is known: from now on the connection is kept alive. */
  keepAlive(sessionTimeoutMs: number): void {
    this.#sessionTimeoutMs = sessionTimeoutMs;
    this.#checkPulse();
  }

  #checkPulse(): void {
    this.#in.timers.clearTimeout(this.#timer);
    if (this.#phase === 'down') return;
    const nowMs = this.#in.timers.nowMs();
    const verdict = pulse(nowMs, this.#lastSentMs, this.lastHeardMs, this.#sessionTimeoutMs);
    if (verdict.kind === 'dead') {
      this.#down(`the server was not heard for ${Math.round(nowMs - this.lastHeardMs)} ms`, undefined);
      return;
    }
    if (verdict.kind === 'ping') {
      this.#ping();
      this.#checkPulse();
      return;
    }
    this.#timer = this.#in.timers.setTimeout(() => {
      // The process may have been stopped for a while: what the sockets hold is taken in before anybody is called dead.
      this.#in.timers.defer(() => {
        this.#checkPulse();
      });
    }, verdict.delayMs);
  }

  #ping(): void {
    const at = this.#writer.beginFrame();
    this.#writer.writeInt(Xid.ping);
    this.#writer.writeInt(OpCode.ping);
    this.#writer.endFrame(at);
    this.#send();
  }

  #down(reason: string, cause: Error | undefined, isHangUp = false): void {
    if (this.#phase === 'down') return;
    this.drop();
    this.#owner.onDown(reason, cause, isHangUp);
  }

  #leave(): void {
    this.#phase = 'down';
    this.#splitter.stop();
    this.#in.timers.clearTimeout(this.#timer);
  }
}

/** Anything else is a bug of ours. */
function isServersFault(error: unknown): error is Error {
  return [FrameLengthError, MalformedRecordError, ProtocolViolationError].some((fault) => error instanceof fault);
}
