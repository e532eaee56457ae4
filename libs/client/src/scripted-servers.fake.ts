import { Client, type ClientOptions, type Channel, type ChannelListener, type Transport } from '@corral/client';
import { VirtualTimers } from '@corral/client/testing';
import { ErrorCode, OpCode } from '@corral/model';
import { FrameSplitter, RecordReader, RecordWriter, writeConnectResponse, writeReplyHeader } from '@corral/wire';

/** What one server of the script does now; a test changes it as it goes. */
export interface ScriptedServer {
  /** `down` refuses connections, with this error if there is one. */
  role: 'read-write' | 'read-only' | 'down';
  downError?: Error;
  /** Whether it answers handshakes with an error, as a member of Apache's does that has no quorum and no local sessions. */
  grantsNothing: boolean;
  /** The sessions that it does not know: asked for one of them, it says that there is none. */
  readonly forgotten: Set<bigint>;
  /** Whether it takes requests and leaves them unanswered. */
  isSilent: boolean;
  /** The requests that it was sent, pings left out. */
  readonly requests: OpCode[];
  /** How many connections it was asked for. */
  connectionCount: number;
}

const FRAME_SIZE_BYTES_MAX = 1_000_000;
const TIMEOUT_MS = 4000;

/**
 * Servers that do no more than the script says: they grant sessions, tell what they are, and answer every request with an empty ok. For
 * what a real member in memory cannot be: several at once, or without a quorum.
 */
export class ScriptedServers {
  readonly timers = new VirtualTimers();
  readonly #servers = new Map<string, ScriptedServer>();
  readonly #connections = new Set<ScriptedConnection>();
  #posted: (() => void)[] = [];
  #nextSession = 1n;
  #chance = 0;

  constructor(names: readonly string[]) {
    for (const name of names) {
      this.#servers.set(name, {
        role: 'read-write',
        grantsNothing: false,
        forgotten: new Set(),
        isSilent: false,
        requests: [],
        connectionCount: 0,
      });
    }
  }

  /** The server of that name. */
  at(name: string): ScriptedServer {
    return this.#servers.get(name)!;
  }

  client(options: Partial<ClientOptions> = {}): Client {
    return new Client({
      connect: [...this.#servers.keys()].join(),
      sessionTimeoutMs: TIMEOUT_MS,
      transport: this.#transport,
      timers: this.timers,
      random: () => (this.#chance = (this.#chance + 0.37) % 1),
      ...options,
    });
  }

  readonly #transport: Transport = {
    connect: ({ host }, listener) => {
      const connection = new ScriptedConnection(this.at(host), listener, this);
      this.#connections.add(connection);
      return connection;
    },
  };

  /** Breaks all connections. */
  drop(): void {
    for (const connection of this.#connections) connection.hangUp();
    this.#connections.clear();
  }

  post(deliver: () => void): void {
    this.#posted.push(deliver);
  }

  /** The id of a session nobody had before. */
  newSession(): bigint {
    return this.#nextSession++;
  }

  /** Lets everything happen that is due now. */
  async settle(): Promise<void> {
    for (let quietTurns = 0; quietTurns < 2;) {
      const deliveries = this.#posted.splice(0);
      for (const deliver of deliveries) deliver();
      const deferred = this.timers.runDeferred();
      const due = this.timers.runDue();
      await new Promise((resolve) => setImmediate(resolve));
      quietTurns = deliveries.length > 0 || deferred || due ? 0 : quietTurns + 1;
    }
  }

  /** Moves time, from one timer to the next. */
  async pass(durationMs: number): Promise<void> {
    const untilMs = this.timers.nowMs() + durationMs;
    await this.settle();
    while (this.timers.nowMs() < untilMs) {
      this.timers.moveTo(Math.min(untilMs, this.timers.nextDueMs));
      await this.settle();
    }
  }
}

class ScriptedConnection implements Channel {
  readonly #server: ScriptedServer;
  readonly #listener: ChannelListener;
  readonly #servers: ScriptedServers;
  readonly #splitter = new FrameSplitter(FRAME_SIZE_BYTES_MAX);
  #isGreeted = false;
  #isDestroyed = false;

  constructor(server: ScriptedServer, listener: ChannelListener, servers: ScriptedServers) {
    this.#server = server;
    this.#listener = listener;
    this.#servers = servers;
    server.connectionCount += 1;
    if (server.role === 'down') this.#tell(() => listener.onClosed(server.downError ?? new Error('refused')));
    else this.#tell(() => listener.onOpened());
  }

  #tell(deliver: () => void): void {
    this.#servers.post(() => {
      if (!this.#isDestroyed) deliver();
    });
  }

  hangUp(): void {
    this.#splitter.stop();
    this.#tell(() => this.#listener.onClosed(undefined));
  }

  write(bytes: Buffer): boolean {
    if (!this.#isGreeted && bytes.length === 4) {
      this.#tell(() => this.#listener.onBytes(Buffer.from(this.#server.role === 'read-write' ? 'rw' : 'ro')));
    } else {
      this.#splitter.push(bytes, (buffer, start, end) => this.#take(buffer.subarray(start, end)));
    }
    return true;
  }

  #take(frame: Buffer): void {
    if (!this.#isGreeted) {
      this.#isGreeted = true;
      this.#greet(frame);
      return;
    }
    const reader = new RecordReader().reset(frame, 0, frame.length);
    const xid = reader.readInt();
    const type = reader.readInt() as OpCode;
    if (type !== OpCode.ping) this.#server.requests.push(type);
    if (type !== OpCode.ping && this.#server.isSilent) return;
    this.#send((writer) => writeReplyHeader(writer, xid, 1, ErrorCode.ok));
  }

  #greet(frame: Buffer): void {
    const { forgotten, grantsNothing, role } = this.#server;
    if (grantsNothing) {
      this.#send((writer) => writeReplyHeader(writer, 0, 0, ErrorCode.notReadOnly));
      return;
    }
    const asked = frame.readBigInt64BE(16);
    const isGone = forgotten.has(asked);
    const sessionId = isGone ? 0n : asked === 0n ? this.#servers.newSession() : asked;
    const timeoutMs = isGone ? 0 : TIMEOUT_MS;
    const readOnly = role === 'read-only';
    this.#send((writer) => {
      writeConnectResponse(writer, { protocolVersion: 0, timeoutMs, sessionId, password: Buffer.alloc(16), readOnly });
    });
    if (isGone) this.hangUp();
  }

  #send(write: (writer: RecordWriter) => void): void {
    const writer = new RecordWriter();
    const at = writer.beginFrame();
    write(writer);
    writer.endFrame(at);
    this.#tell(() => this.#listener.onBytes(Buffer.from(writer.buffer.subarray(0, writer.length))));
  }

  end(): void {
    this.#isDestroyed = true;
  }

  destroy(): void {
    this.#isDestroyed = true;
  }
}
