import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FrameSplitter, ProtocolViolationError } from '@corral/wire';
import type { ClientConnection } from './client-connection.js';
import type { ClientHandler } from './client-handler.js';

/** The text of a frame that makes the handler report a fault of the client. */
export const OFFENCE = 'offence';
/** The text of a frame after which the handler ends the connection. */
export const GOODBYE = 'goodbye';

/** A count that somebody waits for. */
class Tally {
  count = 0;
  #waiters: { count: number; resolve: () => void }[] = [];

  set(count: number): void {
    this.count = count;
    for (const waiter of this.#waiters) if (waiter.count <= count) waiter.resolve();
    this.#waiters = this.#waiters.filter((waiter) => waiter.count > count);
  }

  async reached(count: number): Promise<void> {
    if (this.count < count) await new Promise<void>((resolve) => this.#waiters.push({ count, resolve }));
  }
}

/** Stands in for the member: answers every frame with the same bytes, and keeps what it was told. */
export class EchoHandler implements ClientHandler {
  readonly connection: ClientConnection;
  readonly frames: string[] = [];
  /** The newest frame, where it came. */
  kept: Buffer | undefined;
  turns = 0;
  ended = false;
  readonly closed: Promise<void>;
  readonly #flush: () => void;
  readonly #drains = new Tally();
  readonly #frames = new Tally();
  #tellClosed: () => void = () => undefined;

  constructor(connection: ClientConnection, flush: () => void) {
    this.connection = connection;
    this.#flush = flush;
    this.closed = new Promise((resolve) => {
      this.#tellClosed = resolve;
    });
  }

  onFrame(buffer: Buffer, start: number, end: number): void {
    const text = buffer.toString('latin1', start, end);
    if (text === OFFENCE) throw new ProtocolViolationError('the client has broken the protocol');
    this.frames.push(text);
    this.kept = buffer.subarray(start, end);
    this.say(text);
    if (text === GOODBYE) this.connection.close();
  }

  /** Appends a frame to what goes out; `flush` or the end of a turn sends it. */
  say(text: string): void {
    const writer = this.connection.outgoing();
    writer.writeInt(text.length);
    writer.writeBytes(Buffer.from(text, 'latin1'), 0, text.length);
  }

  onTurnEnd(): void {
    this.turns += 1;
    this.#flush();
    this.#frames.set(this.frames.length);
  }

  /** Resolves when so many frames have been taken in. */
  taken(count: number): Promise<void> {
    return this.#frames.reached(count);
  }

  get drains(): number {
    return this.#drains.count;
  }

  /** Resolves when what waited to be sent has gone for so many times. */
  drained(count: number): Promise<void> {
    return this.#drains.reached(count);
  }

  onEnded(): void {
    this.ended = true;
    this.connection.close();
    this.#flush();
  }

  onDrained(): void {
    this.#drains.set(this.#drains.count + 1);
  }

  onClosed(): void {
    this.#tellClosed();
  }
}

/** A frame with its length in front. */
export function frameOf(text: string): Buffer {
  const frame = Buffer.alloc(4 + text.length);
  frame.writeInt32BE(text.length);
  frame.write(text, 4, 'latin1');
  return frame;
}

/** The client's end of a connection over the loopback device. */
export class LoopbackClient {
  readonly socket: Socket;
  readonly #chunks: Buffer[] = [];
  readonly #closed: Promise<unknown>;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    // A connection that the server drops may end in a reset; what arrived before it counts.
    socket.on('error', () => undefined);
    this.#closed = new Promise((resolve) => socket.once('close', resolve));
  }

  /** Connects. With `allowHalfOpen` the client's side stays open when the server ends its own. */
  static async to(port: number, options: { allowHalfOpen?: boolean; reads?: boolean } = {}): Promise<LoopbackClient> {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: options.allowHalfOpen ?? false });
    const client = new LoopbackClient(socket);
    if (options.reads !== false) client.read();
    await once(socket, 'connect');
    return client;
  }

  /** Begins to take in what the server sends. */
  read(): void {
    this.socket.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
  }

  /** All that has arrived. */
  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** Resolves when so many whole frames have arrived, with their texts. */
  async frames(count: number): Promise<string[]> {
    for (;;) {
      const texts = this.#frameTexts();
      if (texts.length >= count) return texts;
      await once(this.socket, 'data');
    }
  }

  #frameTexts(): string[] {
    const texts: string[] = [];
    const splitter = new FrameSplitter(0x7fff_ffff);
    for (const chunk of this.#chunks) {
      splitter.push(chunk, (buffer, start, end) => texts.push(buffer.toString('latin1', start, end)));
    }
    return texts;
  }

  /** Resolves when the connection is gone, with all that had arrived. */
  async closed(): Promise<Buffer> {
    await this.#closed;
    return this.bytes;
  }

  /** Sends, and resolves when the bytes have left. */
  async send(bytes: Buffer | string): Promise<void> {
    await new Promise<void>((resolve) =>
      this.socket.write(bytes, () => {
        resolve();
      }),
    );
  }
}
