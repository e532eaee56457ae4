/** A small pipelining ZooKeeper client that hides nothing: every reply, every zxid and every lost connection is seen. */
import { connect, type Socket } from 'node:net';
import { RecordBuilder, RecordCursor } from './record.js';
import { OpCode, type Request } from './requests.js';

/** An answered request. */
export interface Reply {
  readonly zxid: bigint;
  readonly error: number;
  readonly body: Buffer;
}

/** What a client needs to come back to its session. */
export interface SessionKey {
  readonly id: bigint;
  readonly password: Buffer;
}

/** How to connect. */
export interface RawClientOptions {
  readonly port: number;
  readonly sessionTimeoutMs?: number;
  /** The session to come back to; a new one without. */
  readonly session?: SessionKey;
  readonly lastZxidSeen?: bigint;
  /** How long the handshake may take. */
  readonly handshakeTimeoutMs?: number;
}

/** The connection ended before the reply came: the request may have been executed or not. */
export class ConnectionLostError extends Error {}

const XID_EVENT = -1;
const XID_PING = -2;
const NO_PASSWORD = Buffer.alloc(16);

interface Waiting {
  readonly xid: number;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** One connection with a session. */
export class RawClient {
  readonly port: number;
  readonly session: SessionKey;
  /** What the server granted; 0 means that it no longer knows the session. */
  readonly sessionTimeoutMs: number;
  /** Watch events received. */
  eventCount = 0;
  /** Resolves when the connection has ended, by whatever cause. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  #lastXid = 0;
  #waiting: Waiting[] = [];
  #waitingStart = 0;
  #input = Buffer.alloc(0);
  #output: Buffer[] = [];
  #isClosed = false;

  private constructor(socket: Socket, port: number, answer: Buffer, rest: Buffer) {
    this.port = port;
    const cursor = new RecordCursor(answer);
    cursor.int();
    this.sessionTimeoutMs = cursor.int();
    this.session = { id: cursor.long(), password: cursor.buffer() ?? NO_PASSWORD };
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#isClosed = true;
        const lost = this.#waiting.slice(this.#waitingStart);
        this.#waiting = [];
        this.#waitingStart = 0;
        for (const { reject } of lost) reject(new ConnectionLostError('connection lost before the reply'));
        resolve();
      });
    });
    socket.on('data', (chunk) => this.#onData(chunk));
    if (rest.length > 0) this.#onData(rest);
  }

  /** Connects and shakes hands; rejects when the connection ends first. */
  static connect(options: RawClientOptions): Promise<RawClient> {
    const socket = connect({ host: '127.0.0.1', port: options.port, noDelay: true });
    const timeoutMs = options.handshakeTimeoutMs ?? 10_000;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        clearTimeout(timer);
        socket.destroy();
        reject(error);
      };
      const timer = setTimeout(() => fail(new Error(`no handshake within ${timeoutMs} ms`)), timeoutMs);
      const onClose = (): void => fail(new ConnectionLostError('connection closed during the handshake'));
      let input = Buffer.alloc(0);
      const onData = (chunk: Buffer): void => {
        input = Buffer.concat([input, chunk]);
        if (input.length < 4 || input.length < 4 + input.readInt32BE(0)) return;
        clearTimeout(timer);
        socket.off('data', onData);
        socket.off('close', onClose);
        const end = 4 + input.readInt32BE(0);
        resolve(new RawClient(socket, options.port, input.subarray(4, end), input.subarray(end)));
      };
      socket.on('error', fail);
      socket.on('close', onClose);
      socket.on('data', onData);
      socket.once('connect', () => socket.write(handshake(options)));
    });
  }

  /** Sends a request behind all earlier ones; resolves with whatever the server answers, an error code included. */
  request({ opCode, body }: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(new ConnectionLostError('connection already closed'));
        return;
      }
      const xid = ++this.#lastXid;
      this.#waiting.push({ xid, resolve, reject });
      this.#write(new RecordBuilder().int(xid).int(opCode).raw(body).frame());
    });
  }

  /** Pings from now on, so that the session lives while nothing is asked. */
  keepAlive(): this {
    const everyMs = Math.max(100, this.sessionTimeoutMs / 3);
    const timer = setInterval(() => this.#write(new RecordBuilder().int(XID_PING).int(OpCode.ping).frame()), everyMs);
    timer.unref();
    void this.closed.then(() => clearInterval(timer));
    return this;
  }

  /** Whether the connection has ended. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Stops or resumes reading from the socket, so that answers pile up at the server. */
  setReading(reading: boolean): void {
    if (reading) this.#socket.resume();
    else this.#socket.pause();
  }

  /** Ends the connection without closing the session. */
  destroy(): void {
    this.#socket.destroy();
  }

  #write(frame: Buffer): void {
    this.#output.push(frame);
    if (this.#output.length > 1) return;
    queueMicrotask(() => {
      const batch = this.#output;
      this.#output = [];
      if (!this.#isClosed) this.#socket.write(Buffer.concat(batch));
    });
  }

  #onData(chunk: Buffer): void {
    const bytes = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    let offset = 0;
    while (bytes.length - offset >= 4) {
      const length = bytes.readInt32BE(offset);
      if (bytes.length - offset < 4 + length) break;
      this.#onFrame(bytes.subarray(offset + 4, offset + 4 + length));
      offset += 4 + length;
    }
    this.#input = Buffer.from(bytes.subarray(offset));
  }

  #onFrame(frame: Buffer): void {
    const cursor = new RecordCursor(frame);
    const xid = cursor.int();
    const zxid = cursor.long();
    const error = cursor.int();
    if (xid === XID_EVENT) {
      this.eventCount += 1;
      return;
    }
    if (xid === XID_PING) return;
    const waiting = this.#waiting[this.#waitingStart];
    if (waiting === undefined || waiting.xid !== xid) {
      this.#socket.destroy(new Error(`reply to xid ${xid} while ${waiting?.xid ?? 'nothing'} was next`));
      return;
    }
    this.#waitingStart += 1;
    if (this.#waitingStart === 1024) {
      this.#waiting = this.#waiting.slice(this.#waitingStart);
      this.#waitingStart = 0;
    }
    waiting.resolve({ zxid, error, body: cursor.rest() });
  }
}

function handshake({ sessionTimeoutMs = 30_000, session, lastZxidSeen = 0n }: RawClientOptions): Buffer {
  return new RecordBuilder()
    .int(0)
    .long(lastZxidSeen)
    .int(sessionTimeoutMs)
    .long(session?.id ?? 0n)
    .buffer(session?.password ?? NO_PASSWORD)
    .bool(false)
    .frame();
}
