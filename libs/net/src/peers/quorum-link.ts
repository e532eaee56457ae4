import type { Socket } from 'node:net';
import type { QuorumMessage } from '@corral/zab';
import { readQuorumMessage, RecordStream, RecordWriter, writeQuorumMessage } from '@corral/wire';
import { formatHostPort, plainAddress } from './peer-endpoint.js';
import type { PeerLimits } from './peer-limits.js';

/** Who hears what a link receives. */
export interface QuorumLinkHandler {
  onMessage(message: QuorumMessage): void;
  /** All of a chunk was handed over. */
  onTurnEnd(): void;
  /** What waited to be sent is down to where a stream may go on. */
  onDrained(): void;
  /** The connection is gone; `fault` is what the peer did wrong, if it did. */
  onClosed(fault: string | undefined): void;
}

/** A writer that has grown beyond this is not kept for the next turn. */
const KEPT_WRITER_BYTES_MAX = 1024 * 1024;

/**
 * One connection on the quorum port. Packets follow each other without lengths; within them a snapshot may come, which is bytes of
 * another kind. Everything that a turn appends leaves with one write.
 */
export class QuorumLink {
  readonly remote: string;
  readonly #socket: Socket;
  readonly #limits: PeerLimits;
  readonly #handler: QuorumLinkHandler;
  #stream: RecordStream;
  #writer = new RecordWriter(4096);
  /** Takes bytes instead of messages while a snapshot comes in. */
  #onBytes: ((chunk: Buffer) => void) | undefined;
  #isPaused = false;
  #isClosed = false;
  #fault: string | undefined;

  constructor(socket: Socket, limits: PeerLimits, handler: QuorumLinkHandler) {
    this.#socket = socket;
    this.#limits = limits;
    this.#handler = handler;
    this.#stream = new RecordStream(limits.packetBytesMax);
    this.remote = formatHostPort(plainAddress(socket.remoteAddress), socket.remotePort ?? 0);
    socket.on('data', (chunk: Buffer) => {
      this.#received(chunk);
    });
    socket.on('drain', () => {
      if (!this.#isClosed) handler.onDrained();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      handler.onClosed(this.#fault);
    });
    socket.resume();
  }

  #received(chunk: Buffer): void {
    if (this.#isClosed || this.#fault !== undefined) return;
    if (this.#onBytes !== undefined) {
      this.#onBytes(chunk);
      return;
    }
    this.#stream.push(chunk);
    this.#takeMessages();
  }

  #takeMessages(): void {
    try {
      while (this.#onBytes === undefined && !this.#isClosed && this.#fault === undefined) {
        const message = this.#stream.read(readQuorumMessage);
        if (message === undefined) break;
        this.#handler.onMessage(message);
      }
    } catch (error) {
      if (!(error instanceof Error && /Record|Type/.test(error.name))) throw error;
      this.fail(error.message);
    }
    if (!this.#isClosed) this.#handler.onTurnEnd();
  }

  /** From now on, and beginning with what has arrived already, `take` gets the bytes as they are. Call it from `onMessage`. */
  takeBytes(take: (chunk: Buffer) => void): void {
    this.#onBytes = take;
    const rest = this.#stream.takeRest();
    if (rest.length > 0) take(rest);
  }

  /** Goes on with messages; `rest` is what was taken too much. */
  resumeMessages(rest: Buffer): void {
    this.#onBytes = undefined;
    this.#stream = new RecordStream(this.#limits.packetBytesMax);
    this.#stream.push(rest);
    this.#takeMessages();
  }

  /** Packets of this turn are appended here. */
  outgoing(): RecordWriter {
    return this.#writer;
  }

  /** Appends a message. */
  append(message: QuorumMessage): void {
    writeQuorumMessage(this.#writer, message);
  }

  /** Hands what was appended to the socket. */
  flush(): void {
    const writer = this.#writer;
    if (writer.length === 0) return;
    if (this.#isClosed || this.#fault !== undefined) {
      writer.clear();
      return;
    }
    if (this.#socket.writableLength > this.#limits.unsentBytesMax) {
      this.fail(`it leaves ${String(this.#socket.writableLength)} bytes unread`);
      writer.clear();
      return;
    }
    const taken = this.#socket.write(writer.buffer.subarray(0, writer.length));
    // Bytes that the kernel did not take yet are still in this buffer.
    if (!taken || this.#socket.writableLength > 0 || writer.buffer.length > KEPT_WRITER_BYTES_MAX) {
      this.#writer = new RecordWriter(4096);
    } else {
      writer.clear();
    }
  }

  /** Whether a stream should wait for `onDrained`. */
  get isFull(): boolean {
    return this.#writer.length + this.#socket.writableLength > this.#limits.unsentBytesPause;
  }

  /** Bytes that wait to be sent. */
  get unsentBytes(): number {
    return this.#writer.length + this.#socket.writableLength;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Stops and starts reading, for a stream that comes faster than it is stored. */
  pauseReading(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resumeReading(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#socket.resume();
  }

  /** Ends the connection for a fault of the peer's. */
  fail(fault: string): void {
    this.#fault ??= fault;
    this.#socket.destroy();
  }

  /** Ends the connection; the handler hears of nothing any more. */
  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
    this.#socket.destroySoon();
  }
}
