import type { Socket } from 'node:net';
import type { Logger } from '@corral/primitives';
import { FrameLengthError, FrameSplitter, ProtocolViolationError, type RecordWriter } from '@corral/wire';
import type { ClientHandler } from './client-handler.js';
import { FourLetterDetector } from './four-letter-detector.js';
import type { ClientLimits } from './limits.js';
import { readIntoShared } from './shared-read-buffer.js';
import type { Traffic } from './traffic.js';
import { writeNow } from './write-now.js';
import type { WriterPool } from './writer-pool.js';

/** What a connection shares with all others. */
export interface ConnectionInputs {
  readonly limits: ClientLimits;
  readonly traffic: Traffic;
  readonly pool: WriterPool;
  /** What arrives is read into it, connection by connection. */
  readonly readBuffer: Buffer;
  readonly logger: Logger;
  /** Answers a four-letter word; nothing when it is not one. */
  readonly answerFourLetterWord: (word: string) => string | undefined;
  /** The connection has bytes to send when the turn ends. */
  readonly needsFlush: (connection: ClientConnection) => void;
  /** The connection is gone. */
  readonly closed: (connection: ClientConnection) => void;
}

/** One client's socket: splits what comes in into frames, sends what goes out in one piece per turn, and keeps both bounded. */
export class ClientConnection {
  readonly remoteAddress: string;
  readonly remotePort: number;
  #socket: Socket;
  readonly #in: ConnectionInputs;
  readonly #splitter: FrameSplitter;
  #detector: FourLetterDetector | undefined = new FourLetterDetector();
  #handler: ClientHandler | undefined;
  #writer: RecordWriter | undefined;
  /** Nothing more is taken in. */
  #closing = false;
  /** Nothing more is sent. */
  #finished = false;
  /** Whether bytes were left in the socket, and may be there still. */
  #hasUnsent = false;
  /** Who wants reading to pause: the member (too many requests) or this side (unsent bytes). */
  #pausedByMember = false;
  #pausedBySocket = false;
  #greeted = false;
  /** Ends a connection that sends no handshake, and later one that does not read its last replies. */
  #timer: NodeJS.Timeout | undefined;

  /** @param socket was accepted, is paused and has read nothing yet. */
  constructor(socket: Socket, inputs: ConnectionInputs) {
    this.#socket = socket;
    this.#in = inputs;
    this.#splitter = new FrameSplitter(inputs.limits.frameSizeBytesMax);
    this.remoteAddress = plainAddress(socket.remoteAddress ?? '');
    this.remotePort = socket.remotePort ?? 0;
  }

  /** Begins to take in what the client sends. */
  start(handler: ClientHandler): void {
    this.#handler = handler;
    const socket = readIntoShared(this.#socket, this.#in.readBuffer, this.#received);
    this.#socket = socket;
    socket.on('drain', this.#drained);
    socket.on('timeout', () => {
      this.#drop(`the client takes none of the ${String(socket.writableLength)} bytes that wait for it`);
    });
    socket.on('end', () => {
      handler.onEnded();
    });
    socket.on('error', (error) => {
      this.#in.logger('debug', 'connection failed', { client: this.name, cause: error.message });
    });
    socket.on('close', () => {
      clearTimeout(this.#timer);
      this.#closing = true;
      this.#finished = true;
      handler.onClosed();
      this.#in.closed(this);
    });
    this.#timer = setTimeout(() => {
      this.#drop('no handshake in time');
    }, this.#in.limits.handshakeTimeoutMs);
  }

  /** For log lines. */
  get name(): string {
    return `${this.remoteAddress}:${String(this.remotePort)}`;
  }

  readonly #received = (buffer: Buffer, lengthBytes: number): void => {
    this.#in.traffic.bytesReceived += lengthBytes;
    if (this.#closing) return;
    // Frames may be kept for a while, so they get memory of their own.
    const chunk = Buffer.allocUnsafe(lengthBytes);
    buffer.copy(chunk, 0, 0, lengthBytes);
    if (this.#detector !== undefined && !this.#detectWord(chunk)) return;
    this.#takeFrames(chunk);
  };

  /** Looks at the first four bytes of the connection. Says whether the chunk still has to be split into frames. */
  #detectWord(chunk: Buffer): boolean {
    const word = this.#detector!.push(chunk);
    if (word === undefined) return true;
    this.#detector = undefined;
    const answer = this.#in.answerFourLetterWord(word);
    if (answer === undefined) return true;
    this.#closing = true;
    this.#socket.write(answer);
    this.destroySoon();
    return false;
  }

  #takeFrames(chunk: Buffer): void {
    const handler = this.#handler!;
    try {
      this.#splitter.push(chunk, this.#onFrame);
    } catch (error) {
      if (!(error instanceof ProtocolViolationError || error instanceof FrameLengthError)) throw error;
      this.#drop(error.message);
    }
    handler.onTurnEnd();
  }

  readonly #onFrame = (buffer: Buffer, start: number, end: number): void => {
    if (this.#closing) return;
    if (!this.#greeted) {
      this.#greeted = true;
      clearTimeout(this.#timer);
    }
    this.#handler!.onFrame(buffer, start, end);
  };

  /** Replies and events are appended here; they leave, in one piece, when the turn ends. */
  outgoing(): RecordWriter {
    if (this.#writer !== undefined) return this.#writer;
    this.#writer = this.#in.pool.take();
    this.#in.needsFlush(this);
    return this.#writer;
  }

  /** Hands what was appended to the socket. */
  flush(): void {
    const writer = this.#writer;
    if (writer === undefined) return;
    this.#writer = undefined;
    if (writer.length === 0 || this.#finished) this.#in.pool.giveBack(writer);
    else if (!this.#send(writer)) return;
    if (this.#closing && !this.#finished) this.destroySoon();
  }

  /** Sends what was appended. Says whether the connection lives on. */
  #send(writer: RecordWriter): boolean {
    const unsentBytes = this.#unsentBytes();
    const { limits, pool, traffic } = this.#in;
    if (unsentBytes > limits.unsentBytesMax) {
      this.#drop(`the client leaves ${String(unsentBytes)} bytes unread`);
      return false;
    }
    traffic.bytesSent += writer.length;
    if (unsentBytes > 0) {
      this.#socket.write(writer.buffer.subarray(0, writer.length));
      this.#holdBack();
    } else if (!writeNow(this.#socket, writer.buffer, writer.length)) {
      this.#hasUnsent = true;
      this.#holdBack();
    } else {
      // The socket tells of a drain only when it had to wait; and others get their turn first.
      if (writer.length > limits.unsentBytesPause) setImmediate(this.#tellDrained);
      // The kernel has taken it all, and the buffer is ours again.
      pool.giveBack(writer);
    }
    return true;
  }

  /** Bytes that wait in the socket. It is asked only when some were left there: that memory is far away, and mostly there are none. */
  #unsentBytes(): number {
    if (!this.#hasUnsent) return 0;
    const { writableLength } = this.#socket;
    if (writableLength === 0) this.#hasUnsent = false;
    return writableLength;
  }

  /** The client reads more slowly than it is written to. */
  #holdBack(): void {
    if (this.#pausedBySocket || this.#unsentBytes() <= this.#in.limits.unsentBytesPause) return;
    this.#pausedBySocket = true;
    this.#socket.pause();
    this.#socket.setTimeout(this.#in.limits.stallTimeoutMs);
  }

  readonly #drained = (): void => {
    if (this.#pausedBySocket) {
      this.#pausedBySocket = false;
      this.#socket.setTimeout(0);
      if (!this.#pausedByMember) this.#socket.resume();
    }
    this.#tellDrained();
  };

  readonly #tellDrained = (): void => {
    if (!this.#closing && !this.isFull) this.#handler!.onDrained();
  };

  /** Whether so much waits to be sent that nothing large should be added. */
  get isFull(): boolean {
    const appended = this.#writer === undefined ? 0 : this.#writer.length;
    return appended + this.#unsentBytes() > this.#in.limits.unsentBytesPause;
  }

  /** Stops taking in requests, for as long as many are unanswered. */
  pauseReading(): void {
    this.#pausedByMember = true;
    this.#socket.pause();
  }

  resumeReading(): void {
    this.#pausedByMember = false;
    if (!this.#pausedBySocket) this.#socket.resume();
  }

  /** Ends the connection after what was appended has been sent. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    // Also a connection with nothing to say is ended at the end of the turn.
    this.outgoing();
  }

  /** Ends the connection for a fault of the client. What was appended for it still goes out, if it reads it. */
  #drop(reason: string): void {
    if (this.#socket.destroyed) return;
    this.#in.traffic.connectionsDropped += 1;
    this.#in.logger('warn', 'connection dropped', { client: this.name, reason });
    this.#closing = true;
    if (this.#socket.writableLength > this.#in.limits.unsentBytesPause) this.#socket.destroy();
    else this.destroySoon();
  }

  /** Ends the connection for a fault of the client's, which goes to the log. */
  abort(reason: string): void {
    this.#drop(reason);
  }

  /** Sends what is there and then closes; a client that does not read it is not waited for long. */
  destroySoon(): void {
    const writer = this.#writer;
    this.#writer = undefined;
    this.#finished = true;
    if (writer !== undefined && writer.length > 0) this.#socket.write(writer.buffer.subarray(0, writer.length));
    this.#socket.destroySoon();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#socket.destroy();
    }, this.#in.limits.closeTimeoutMs).unref();
  }

  destroy(): void {
    this.#closing = true;
    this.#finished = true;
    this.#socket.destroy();
  }
}

/** IPv4 clients of a dual-stack socket appear as `::ffff:1.2.3.4`. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
