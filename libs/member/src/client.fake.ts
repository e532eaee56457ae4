import { ErrorCode, EventType, OpCode } from '@corral/model';
import {
  FrameSplitter,
  operationCodecs,
  ProtocolViolationError,
  type RecordCodec,
  RecordReader,
  RecordWriter,
  readConnectResponse,
  writeConnectRequest,
} from '@corral/wire';
import type { ClientChannel, ClientHandler } from './ports.js';

type OperationName = keyof typeof operationCodecs;

/** What a client is sent: the answer to the handshake, an answer to a request, or an event. */
export interface Received {
  readonly xid: number;
  readonly zxid: number;
  readonly err: number;
  readonly body: unknown;
}

/** What a handshake asks for. */
export interface Greeting {
  readonly sessionId?: bigint;
  readonly password?: Uint8Array | null;
  readonly timeoutMs?: number;
  readonly lastZxidSeen?: number;
  readonly readOnly?: boolean | undefined;
}

const EVENT_XID = -1;
const nameOf = (table: Readonly<Record<string, number>>, value: number): string =>
  Object.keys(table).find((name) => table[name] === value) ?? String(value);

/**
 * A client and its connection in one: frames go straight into the member, what the member appends is kept. As over a socket,
 * nothing is taken in after `close`, and nothing more goes out once what was appended before it has been sent.
 */
export class FakeClient implements ClientChannel {
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Reading is paused by the member. */
  paused = false;
  /** The client does not take what it is sent. */
  isFull = false;
  /** The member has ended the connection. */
  closed = false;
  /** Why the connection was dropped, when the client broke the protocol. */
  violation: ProtocolViolationError | undefined;
  /** From the answer to the handshake. */
  sessionId = 0n;
  password: Uint8Array = new Uint8Array(0);
  timeoutMs = 0;
  readOnly: boolean | undefined;
  /** How long the answer to the handshake was. */
  greetingSizeBytes = 0;
  readonly #handler: ClientHandler;
  readonly #writer = new RecordWriter();
  readonly #splitter = new FrameSplitter(0x7fff_ffff);
  readonly #operations = new Map<number, OperationName>();
  #received: (Received | 'session' | 'refused')[] = [];
  #awaitsGreeting = true;
  #ended = false;
  #nextXid = 1;

  constructor(open: (channel: ClientChannel) => ClientHandler, remotePort: number, remoteAddress = '127.0.0.1') {
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    this.#handler = open(this);
  }

  outgoing(): RecordWriter {
    return this.#writer;
  }

  pauseReading(): void {
    this.paused = true;
  }

  resumeReading(): void {
    this.paused = false;
  }

  close(): void {
    this.closed = true;
  }

  abort(reason: string): void {
    this.violation = new ProtocolViolationError(reason);
    this.closed = true;
  }

  /** What the owner of a real connection does at the end of a turn: the bytes leave, and after `close` no more will. */
  flush(): void {
    const writer = this.#writer;
    const bytes = Buffer.from(writer.buffer.subarray(0, writer.length));
    writer.clear();
    if (!this.#ended) this.#splitter.push(bytes, this.#take);
    this.#ended = this.closed;
  }

  readonly #take = (buffer: Buffer, start: number, end: number): void => {
    const reader = new RecordReader().reset(Buffer.from(buffer.subarray(start, end)), 0, end - start);
    if (this.#awaitsGreeting) {
      this.#awaitsGreeting = false;
      this.#takeGreeting(reader);
      return;
    }
    const xid = reader.readInt();
    const zxid = reader.readLong();
    const err = reader.readInt();
    this.#received.push({ xid, zxid, err, body: this.#bodyOf(xid, reader) });
  };

  #takeGreeting(reader: RecordReader): void {
    this.greetingSizeBytes = reader.remaining;
    const { sessionId, password, readOnly, timeoutMs } = readConnectResponse(reader);
    this.sessionId = sessionId;
    this.password = password;
    this.timeoutMs = timeoutMs;
    this.readOnly = readOnly;
    this.#received.push(timeoutMs > 0 ? 'session' : 'refused');
  }

  #bodyOf(xid: number, reader: RecordReader): unknown {
    if (reader.remaining === 0) return undefined;
    const operation = xid === EVENT_XID ? 'notification' : this.#operations.get(xid);
    const codec: RecordCodec | null | undefined = operation && operationCodecs[operation].response;
    return codec ? codec.read(reader) : reader.readRest();
  }

  /** The frame of a request, to be sent with others in one `turn`. */
  frame(operation: OperationName, body?: unknown, xid = this.#nextXid++): Buffer {
    this.#operations.set(xid, operation);
    const codec: RecordCodec | null = operationCodecs[operation].request;
    return this.rawFrame(xid, OpCode[operation], (writer) => {
      codec?.write(writer, body as never);
    });
  }

  /** A frame with any type and any body. */
  rawFrame(xid: number, type: number, write: (writer: RecordWriter) => void = () => undefined): Buffer {
    const writer = new RecordWriter();
    writer.writeInt(xid);
    writer.writeInt(type);
    write(writer);
    return Buffer.from(writer.buffer.subarray(0, writer.length));
  }

  /** The frame of a handshake. */
  greetingFrame(greeting: Greeting = {}): Buffer {
    const writer = new RecordWriter();
    writeConnectRequest(writer, {
      protocolVersion: 0,
      lastZxidSeen: (greeting.lastZxidSeen ?? 0) as never,
      timeoutMs: greeting.timeoutMs ?? 10_000,
      sessionId: greeting.sessionId ?? 0n,
      password: greeting.password ?? null,
      readOnly: 'readOnly' in greeting ? greeting.readOnly : false,
    });
    return Buffer.from(writer.buffer.subarray(0, writer.length));
  }

  /** Hands frames over as one chunk. */
  turn(...frames: Buffer[]): void {
    if (this.closed) return;
    for (const frame of frames) {
      if (this.closed) break;
      try {
        this.#handler.onFrame(frame, 0, frame.length);
      } catch (error) {
        if (!(error instanceof ProtocolViolationError)) throw error;
        this.violation = error;
        this.closed = true;
      }
    }
    this.#handler.onTurnEnd();
  }

  greet(greeting: Greeting = {}): void {
    this.turn(this.greetingFrame(greeting));
  }

  /** Sends one request as a chunk of its own. */
  ask(operation: OperationName, body?: unknown): void {
    this.turn(this.frame(operation, body));
  }

  /** The client sends nothing more. */
  halfClose(): void {
    this.#handler.onEnded();
  }

  /** The client has taken what waited for it. */
  drain(): void {
    this.isFull = false;
    this.#handler.onDrained();
  }

  /** The connection is gone. */
  hangUp(): void {
    this.closed = true;
    this.#handler.onClosed();
  }

  /** Everything that has arrived since the last time, and forgets it. */
  take(): Received[] {
    const taken = this.#received.filter((received) => typeof received !== 'string');
    this.#received = [];
    return taken;
  }

  /** The body of the only answer that has arrived since the last time. */
  takeBody<T>(): T {
    const [reply, ...others] = this.take();
    if (reply?.err !== ErrorCode.ok || others.length > 0)
      throw new Error(`not one good answer: ${JSON.stringify(reply)}`);
    return reply.body as T;
  }

  /** As `take`, as words: `session`, `refused`, `1 ok`, `2 noNode`, `event nodeCreated /a`. */
  heard(): string[] {
    const words = this.#received.map((received) => {
      if (typeof received === 'string') return received;
      if (received.xid !== EVENT_XID || received.zxid !== -1)
        return `${received.xid} ${nameOf(ErrorCode, received.err)}`;
      const { type, path } = received.body as { type: number; path: string };
      return `event ${nameOf(EventType, type)} ${path}`;
    });
    this.#received = [];
    return words;
  }
}
