import type { ClientChannel, ClientHandler } from '@corral/member';
import { FrameSplitter, ProtocolViolationError, RecordWriter } from '@corral/wire';
import { HeldInput } from './held-input.js';

const FRAME_BYTES_MAX = 1024 * 1024;

/** What a channel needs of the world around it. */
export interface ClientChannelPorts {
  readonly port: number;
  readonly send: (bytes: Buffer) => void;
  readonly close: () => void;
  /** The channel has something to send at the end of the turn. */
  readonly needsFlush: () => void;
  /** A chunk was taken in, and the member goes on listening. */
  readonly takenIn: () => void;
  readonly defer: (run: () => void) => void;
  readonly drain: (run: () => void) => void;
  /** Above so many unsent bytes the channel is full. */
  readonly unsentBytesPause: number;
}

/** A client's connection as the member sees it, over the simulated network: `ClientConnection` of `libs/net`, without a socket. */
export class SimulatedClientChannel implements ClientChannel {
  readonly remoteAddress = '10.0.0.1';
  readonly remotePort: number;
  readonly #ports: ClientChannelPorts;
  readonly #splitter = new FrameSplitter(FRAME_BYTES_MAX);
  readonly #writer = new RecordWriter(512);
  #handler: ClientHandler | undefined;
  #unsentBytes = 0;
  readonly #input: HeldInput;
  /** Nothing more is taken in; nothing more is sent. */
  #isClosing = false;
  #isOver = false;

  constructor(ports: ClientChannelPorts) {
    this.#ports = ports;
    this.#input = new HeldInput(ports.defer);
    this.remotePort = ports.port;
  }

  start(handler: ClientHandler): void {
    this.#handler = handler;
  }

  /* What the network brings. */

  bytesArrived(chunk: Buffer): void {
    this.#whenReading(() => {
      if (this.#isClosing) return;
      const handler = this.#handler!;
      try {
        this.#splitter.push(chunk, (buffer, start, end) => {
          if (!this.#isClosing) handler.onFrame(buffer, start, end);
        });
      } catch (error) {
        if (!(error instanceof ProtocolViolationError)) throw error;
        this.abort(error.message);
      }
      handler.onTurnEnd();
      if (!this.#isClosing) this.#ports.takenIn();
    });
  }

  ended(): void {
    this.#whenReading(() => {
      this.#finish();
    });
  }

  #whenReading(run: () => void): void {
    if (this.#isOver) return;
    this.#input.take(run);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isClosing = true;
    this.#isOver = true;
    this.#handler!.onClosed();
  }

  /* What the member wants. */

  outgoing(): RecordWriter {
    this.#ports.needsFlush();
    return this.#writer;
  }

  flush(): void {
    const { length } = this.#writer;
    if (length > 0 && !this.#isOver) this.#send(Buffer.from(this.#writer.buffer.subarray(0, length)));
    this.#writer.clear();
    if (!this.#isClosing || this.#isOver) return;
    this.#ports.close();
    // As with a socket, the member hears of the end after it has asked for it.
    this.#ports.defer(() => {
      this.#finish();
    });
  }

  #send(bytes: Buffer): void {
    this.#ports.send(bytes);
    this.#unsentBytes += bytes.length;
    if (this.#unsentBytes <= this.#ports.unsentBytesPause) {
      this.#unsentBytes = 0;
      return;
    }
    this.#ports.drain(() => {
      this.#unsentBytes = 0;
      if (!this.#isClosing) this.#handler!.onDrained();
    });
  }

  get isFull(): boolean {
    return this.#writer.length + this.#unsentBytes > this.#ports.unsentBytesPause;
  }

  pauseReading(): void {
    this.#input.pause();
  }

  resumeReading(): void {
    this.#input.resume();
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#ports.needsFlush();
  }

  abort(_reason: string): void {
    this.close();
  }
}
