/** A TCP connection that speaks in frames and keeps what arrives, in order. */
import { connect, type Socket } from 'node:net';

/** How long the suite waits for something that must come. */
const PATIENCE_MS = 8_000;

/** What `nextFrame` returns when the server has closed the connection. */
export const CLOSED = Symbol('closed');

/** One connection to a server. Bytes go out as they are given; frames come in as the server sent them. */
export class RawConnection {
  readonly #socket: Socket;
  readonly #frames: Buffer[] = [];
  #pending: Buffer = Buffer.alloc(0);
  #closed = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#onData(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  /** Connects. A server that ends the connection at once, as over a limit, gives a connection that is closed. */
  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' });
      const connection = new RawConnection(socket);
      socket.once('connect', () => resolve(connection));
      socket.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') reject(error);
        else resolve(connection);
      });
    });
  }

  /** True once the server's end of the connection was seen and every frame before it was taken. */
  get isClosed(): boolean {
    return this.#closed && this.#frames.length === 0;
  }

  /** Bytes that arrived and are no complete frame. */
  get incomplete(): Buffer {
    return this.#pending;
  }

  write(bytes: Uint8Array): void {
    if (!this.#closed) this.#socket.write(bytes);
  }

  /** Sends the bytes behind their length. */
  writeFrame(body: Uint8Array): void {
    this.write(frame(body));
  }

  /** The next frame, or `CLOSED`; throws when neither comes in time. */
  async nextFrame(): Promise<Buffer | typeof CLOSED> {
    const deadlineMs = Date.now() + PATIENCE_MS;
    for (;;) {
      const next = this.#frames.shift();
      if (next !== undefined) return next;
      if (this.#closed) return CLOSED;
      const leftMs = deadlineMs - Date.now();
      if (leftMs <= 0) throw new Error(`nothing arrived within ${PATIENCE_MS} ms`);
      await this.#arrival(leftMs);
    }
  }

  /** Ends the connection from this side, without a word. */
  destroy(): void {
    this.#socket.destroy();
  }

  #arrival(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #onData(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (this.#pending.length >= 4) {
      const length = this.#pending.readInt32BE(0);
      if (length < 0 || this.#pending.length < 4 + length) break;
      this.#frames.push(this.#pending.subarray(4, 4 + length));
      this.#pending = this.#pending.subarray(4 + length);
    }
    this.#wake();
  }
}

/** A body behind its four-byte length. */
export function frame(body: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}
