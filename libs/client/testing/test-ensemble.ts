import { type ChannelListener, Client, type ClientOptions, type Transport } from '@corral/client';
import type { MemberOptions } from '@corral/member';
import { OpCode } from '@corral/model';
import { ZXID_ZERO } from '@corral/primitives';
import { RecordWriter, writeConnectRequest } from '@corral/wire';
import { MemoryConnection, type ServerTraits } from './memory-connection.js';
import { guessablePasswords, TEST_TICK_MS, TestMember } from './test-member.js';
import { VirtualTimers } from './virtual-timers.js';

/** Something that never comes to rest is a bug, and had better be a failed test than a hanging one. */
const STEPS_MAX = 1_000_000;

/** How one client reaches the ensemble. */
interface Path {
  state: 'open' | 'cut' | 'silent';
  readonly connections: Set<MemoryConnection>;
}

/**
 * A real member on storage in memory, behind connections in memory, in a time that passes when the test says so. Clients on it are real
 * clients: what they do here, they do in production.
 *
 * Nothing happens by itself. After a call of a client, `await ensemble.settle()` lets everything happen that is due now; waiting for the
 * client's promise needs that too, unless `automatic` is on. `await ensemble.pass(5000)` moves time, and all that it brings with it.
 */
export class TestEnsemble {
  readonly timers = new VirtualTimers();
  readonly #member: TestMember;
  readonly #traits: ServerTraits;
  /** How many requests of each type have arrived. */
  readonly #arrived = new Map<OpCode, number>();
  readonly #paths = new Map<Client, Path>();
  readonly #random = seeded(1);
  #posted: (() => void)[] = [];
  #nextPort = 40_001;
  #nextTickMs: number;
  /** The drive that runs by itself. */
  #drive: NodeJS.Immediate | undefined;

  /** `member`: what differs from a member with short ticks, that grants any session timeout. `traits`: for the likes of an old server. */
  constructor(member: Partial<MemberOptions> = {}, traits: Partial<ServerTraits> = {}) {
    this.#traits = {
      lacking: traits.lacking ?? new Set(),
      isMute: traits.isMute ?? false,
      onRequest: (type) => {
        this.#arrived.set(type, (this.#arrived.get(type) ?? 0) + 1);
        traits.onRequest?.(type);
      },
    };
    this.#member = new TestMember(this.timers, member);
    this.#nextTickMs = this.timers.nowMs() + TEST_TICK_MS;
  }

  /** A client on the ensemble. It has begun to connect, and gets further when the ensemble settles. */
  client(options: Partial<ClientOptions> = {}): Client {
    const path: Path = { state: 'open', connections: new Set() };
    const client = new Client({
      connect: 'test-ensemble:2181',
      transport: this.#transport(path),
      timers: this.timers,
      random: this.#random,
      ...options,
    });
    this.#paths.set(client, path);
    return client;
  }

  /** A client that is connected. */
  async connect(options: Partial<ClientOptions> = {}): Promise<Client> {
    const client = this.client(options);
    await this.settle();
    return client;
  }

  #transport(path: Path): Transport {
    return {
      connect: (_address, listener) => {
        const connection = this.#connection(listener);
        connection.isSilent = path.state === 'silent';
        path.connections.add(connection);
        this.#posted.push(() => {
          if (path.state === 'cut') connection.sever('connection refused');
          else this.#member.accept(connection);
        });
        return connection;
      },
    };
  }

  #connection(listener: ChannelListener): MemoryConnection {
    return new MemoryConnection(listener, this.#nextPort++, (deliver) => this.#posted.push(deliver), this.#traits);
  }

  /** Breaks the client's connection, with all that is on its way, and refuses its next ones until `heal`. */
  cut(client: Client): void {
    const path = this.#pathOf(client);
    path.state = 'cut';
    for (const connection of path.connections) {
      connection.isSilent = true;
      connection.sever();
    }
    path.connections.clear();
  }

  /** The client's connection stays, but nothing gets through in either direction until `heal`: nobody is told. */
  silence(client: Client): void {
    const path = this.#pathOf(client);
    path.state = 'silent';
    for (const connection of path.connections) connection.isSilent = true;
  }

  /** Ends `cut` or `silence`. What was lost stays lost. */
  heal(client: Client): void {
    const path = this.#pathOf(client);
    path.state = 'open';
    for (const connection of path.connections) connection.isSilent = false;
  }

  /** Breaks the client's connection; it may connect again at once. */
  drop(client: Client): void {
    this.cut(client);
    this.heal(client);
  }

  #pathOf(client: Client): Path {
    const path = this.#paths.get(client);
    if (path === undefined) throw new Error('this client is not on this ensemble');
    return path;
  }

  /** Ends the client's session on the server, as if its time were up. The client learns it when things settle. */
  expire(client: Client): void {
    const { sessionId, sessionTimeoutMs } = client;
    const writer = new RecordWriter();
    const greeting = writer.beginFrame();
    writeConnectRequest(writer, {
      protocolVersion: 0,
      lastZxidSeen: ZXID_ZERO,
      timeoutMs: sessionTimeoutMs,
      sessionId,
      password: guessablePasswords.issue(sessionId),
      readOnly: false,
    });
    writer.endFrame(greeting);
    const goodbye = writer.beginFrame();
    writer.writeInt(1);
    writer.writeInt(OpCode.closeSession);
    writer.endFrame(goodbye);
    const nobody = { onOpened() {}, onBytes() {}, onDrained() {}, onClosed() {} };
    const connection = this.#connection(nobody);
    this.#posted.push(() => {
      this.#member.accept(connection);
    });
    connection.write(Buffer.from(writer.buffer.subarray(0, writer.length)));
  }

  /** The server's process ends. What it acknowledged is kept. */
  stop(): void {
    this.#member.stop();
  }

  /** It starts again; `empty`: with nothing of what it had. */
  restart({ empty = false }: { readonly empty?: boolean } = {}): void {
    this.#member.stop();
    this.#member.start(empty);
  }

  /** How many watches the server keeps for all clients together. */
  get watchCount(): number {
    return this.#member.status.status().watchCount;
  }

  /** Lets everything happen that is due now, until nothing more does. */
  async settle(): Promise<void> {
    for (let quietTurns = 0, steps = 0; quietTurns < 2; steps += 1) {
      if (steps > STEPS_MAX) throw new Error('the ensemble never settles: something keeps itself busy');
      const happened = this.#step();
      // A turn of the real loop, for the promises.
      await new Promise((resolve) => setImmediate(resolve));
      quietTurns = happened ? 0 : quietTurns + 1;
    }
  }

  /** Everything that waits now. Says whether there was anything. */
  #step(): boolean {
    const deliveries = this.#posted;
    this.#posted = [];
    for (const deliver of deliveries) deliver();
    const deferred = this.timers.runDeferred();
    const due = this.timers.runDue();
    return deliveries.length > 0 || deferred || due;
  }

  /** Goes on until a request of this type has arrived at the server, and not a step further: its answer is still on the way. */
  untilRequest(type: OpCode): void {
    for (let steps = 0; steps < STEPS_MAX; steps += 1) {
      const before = this.#arrived.get(type) ?? 0;
      this.#step();
      if ((this.#arrived.get(type) ?? 0) > before) return;
    }
    throw new Error(`no request of type ${type} arrives`);
  }

  /** Moves time, from one event to the next, and lets each have its consequences. */
  async pass(durationMs: number): Promise<void> {
    const untilMs = this.timers.nowMs() + durationMs;
    await this.settle();
    while (this.timers.nowMs() < untilMs) {
      this.timers.moveTo(Math.min(untilMs, this.#nextTickMs, this.timers.nextDueMs));
      if (this.timers.nowMs() >= this.#nextTickMs) {
        this.#nextTickMs += TEST_TICK_MS;
        this.#member.tick();
      }
      if (this.#step()) await this.settle();
    }
  }

  /** Settles and gives what the promise gives: for a call that needs nothing but the answer of the server. */
  async result<T>(promise: Promise<T>): Promise<T> {
    // It may reject while things settle; whoever awaits the result hears of it.
    promise.catch(() => undefined);
    await this.settle();
    return promise;
  }

  /** From now on settles by itself, turn by turn of the real loop; time still moves by `pass` only. `stopAutomatic` ends it. */
  automatic(): void {
    const run = (): void => {
      this.#step();
      this.#drive = setImmediate(run);
    };
    this.#drive ??= setImmediate(run);
  }

  stopAutomatic(): void {
    clearImmediate(this.#drive);
    this.#drive = undefined;
  }
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
