import { ErrorCode, OpCode } from '@corral/model';
import { ProtocolViolationError, RecordReader, RecordWriter } from '@corral/wire';
import type { ChangeResult } from '@corral/znode';
import type { Connection } from './connection.js';
import { Greeter } from './greeter.js';
import type { Pending } from './commit-queue.js';
import { ReadRequests } from './read-requests.js';
import { REPLY_ZXID_OFFSET } from './replies.js';
import type { RequestsContext } from './requests-context.js';
import { isWrite } from './requests/writes.js';
import { SideRequests } from './side-requests.js';
import { Turn } from './turn.js';
import { WriteRequests } from './write-requests.js';

const REQUEST_HEADER_SIZE_BYTES = 8;

/**
 * Takes in clients' frames and sees to it that every client is answered in its own order: reads at once, or after the same
 * connection's earlier writes; writes once they are durable; nothing large while the client does not take what it was sent.
 * One reader and one loop serve all connections.
 */
export class ClientRequests {
  readonly #context: RequestsContext;
  readonly #turn: Turn;
  readonly #reads: ReadRequests;
  readonly #writes: WriteRequests;
  readonly #side: SideRequests;
  readonly #greeter: Greeter;
  readonly #reader = new RecordReader();
  readonly #lateAnswer = new RecordWriter(256);
  /** Connections that are not read from for now. */
  readonly #paused = new Set<Connection>();

  constructor(context: RequestsContext) {
    this.#context = context;
    this.#turn = new Turn(context);
    this.#reads = new ReadRequests(context, this.#turn);
    this.#writes = new WriteRequests(context, this.#turn, (pending) => {
      this.complete(pending, undefined);
    });
    this.#side = new SideRequests(context, this.#writes);
    this.#greeter = new Greeter(context, this.#writes);
  }

  /** One frame of a client. @throws ProtocolViolationError when the connection has to go. */
  take(connection: Connection, buffer: Buffer, start: number, end: number): void {
    if (connection.closed) return;
    this.#turn.begin();
    this.#context.statistics.packetsReceived += 1;
    connection.packetsReceived += 1;
    switch (connection.phase) {
      case 'open':
        this.#request(connection, buffer, start, end);
        return;
      case 'new':
        this.#greeter.greet(connection, this.#reader.reset(buffer, start, end));
        return;
      case 'greeting':
        connection.wait(buffer, start, end);
        return;
      case 'leaving':
    }
  }

  #request(connection: Connection, buffer: Buffer, start: number, end: number): void {
    if (end - start < REQUEST_HEADER_SIZE_BYTES) {
      throw new ProtocolViolationError(`a request has at least ${String(REQUEST_HEADER_SIZE_BYTES)} bytes`);
    }
    const reader = this.#reader.reset(buffer, start, end);
    const xid = reader.readInt();
    const type = reader.readInt();
    if (connection.session?.closing === true) {
      this.#writes.refuse(connection, xid, type, ErrorCode.sessionExpired);
    } else if (this.#reads.includes(type)) {
      if (connection.outstandingRequests > 0 || connection.channel.isFull) connection.wait(buffer, start, end);
      else this.#reads.answer(connection, reader, xid, type);
    } else if (isWrite(type)) {
      this.#writes.take(connection, reader, xid, type);
    } else {
      this.#side.take(connection, reader, xid, type);
    }
  }

  /** The connection's chunk is taken in. */
  endTurn(connection: Connection): void {
    const { session } = connection;
    const { ports, sessions } = this.#context;
    const nowMs = ports.clock.monotonicMs();
    if (session !== undefined) sessions.touch(session, nowMs);
    this.#turn.noteReadLatency(connection, nowMs);
    this.#turn.end();
    this.#boundWatches(connection);
    this.#throttle(connection);
    ports.flushConnections();
  }

  /** All entries of a batch are answered. */
  endBatch(): void {
    this.#turn.end();
    for (const connection of this.#paused) this.#unthrottle(connection);
    this.#context.ports.flushConnections();
  }

  /** The connection is gone. */
  forget(connection: Connection): void {
    this.#paused.delete(connection);
  }

  /** The client has taken what waited for it. */
  drained(connection: Connection): void {
    if (!connection.isStalled) return;
    this.#turn.begin();
    this.#goOn(connection);
    this.endTurn(connection);
  }

  #boundWatches(connection: Connection): void {
    const { options, tree } = this.#context;
    const sizeBytes = tree.dataWatches.sizeBytesOf(connection) + tree.childWatches.sizeBytesOf(connection);
    const sizeBytesMax = options.watchBytesPerConnectionMax;
    if (sizeBytes <= sizeBytesMax || connection.closed) return;
    connection.channel.abort(`its watches take ${String(sizeBytes)} bytes, over ${String(sizeBytesMax)}`);
  }

  /** A connection with many unanswered requests, or one that adds to a full queue, is not read from until there is room. */
  #throttle(connection: Connection): void {
    const { statistics, options, commit } = this.#context;
    if (commit.size > statistics.outstandingRequestsMax) statistics.outstandingRequestsMax = commit.size;
    const hasTooMany = connection.outstandingRequests > options.outstandingRequestsMax;
    const addsToFullQueue = connection.writesInFlight > 0 && commit.sizeBytes > options.outstandingBytesMax;
    if (connection.paused || connection.closed || !(hasTooMany || addsToFullQueue)) return;
    connection.paused = true;
    this.#paused.add(connection);
    connection.channel.pauseReading();
  }

  #unthrottle(connection: Connection): void {
    const { commit, options } = this.#context;
    if (!connection.paused || connection.outstandingRequests > options.outstandingRequestsMax / 2) return;
    if (commit.sizeBytes > options.outstandingBytesMax / 2) return;
    connection.paused = false;
    this.#paused.delete(connection);
    connection.channel.resumeReading();
  }

  /** Answers an entry that is decided, durable and applied, then what waited behind it. */
  complete(pending: Pending, result: ChangeResult | ChangeResult[]): void {
    const { connection, transaction, type } = pending;
    const closesSession = type === OpCode.closeSession && transaction !== undefined;
    this.#turn.begin();
    if (closesSession) this.#context.sessions.closed(transaction.header.sessionId, connection);
    if (connection === undefined || connection.closed) return;
    if (pending.refusal === ErrorCode.sessionMoved) {
      // Another member took the session up late, for a client that had left it again. As in ZooKeeper, the client comes back and is asked for anew.
      this.#context.member.closeConnection(connection);
      return;
    }
    // After its answer a connection whose session is closed has nothing to wait for.
    if (closesSession) connection.ended = true;
    if (type === OpCode.createSession) {
      this.#greeter.answer(connection, pending);
      this.#takeHeldBack(connection);
    } else if (connection.isStalled) {
      this.#keepAnswer(connection, pending, result);
      return;
    } else {
      this.#writes.answer(connection, pending, result, connection.channel.outgoing());
      connection.writesAnswered += 1;
    }
    this.#goOn(connection);
  }

  /** Keeps an answer for when the reads before it have been answered. */
  #keepAnswer(connection: Connection, pending: Pending, result: ChangeResult | ChangeResult[]): void {
    const writer = this.#lateAnswer;
    writer.clear();
    this.#writes.answer(connection, pending, result, writer);
    connection.lateAnswers.push(Buffer.from(writer.buffer.subarray(0, writer.length)));
  }

  /** Takes in what the client sent before it had its session. */
  #takeHeldBack(connection: Connection): void {
    const held: { buffer: Buffer; start: number; end: number }[] = [];
    for (let frame = connection.nextReady(); frame !== undefined; frame = connection.nextReady()) held.push(frame);
    try {
      for (const { buffer, start, end } of held) if (!connection.closed) this.#request(connection, buffer, start, end);
    } catch (error) {
      if (!(error instanceof ProtocolViolationError)) throw error;
      connection.channel.abort(error.message);
    }
  }

  /** Does what had to wait for the connection's last answer. */
  #goOn(connection: Connection): void {
    this.#answerWaiting(connection);
    this.#unthrottle(connection);
    // A client that sends nothing more goes once all is answered.
    if (connection.ended && connection.outstandingRequests === 0) this.#context.member.closeConnection(connection);
  }

  /** Answers the reads whose turn has come, and the writes behind them, as far as the client takes it. */
  #answerWaiting(connection: Connection): void {
    for (;;) {
      while (!connection.channel.isFull) {
        const read = connection.nextReady();
        if (read === undefined) break;
        const reader = this.#reader.reset(read.buffer, read.start, read.end);
        const xid = reader.readInt();
        this.#reads.answer(connection, reader, xid, reader.readInt());
      }
      const late = connection.isStalled ? undefined : connection.lateAnswers.shift();
      if (late === undefined) return;
      // The reads before it may have shown newer transactions, and no zxid that a client sees may go back.
      late.writeBigInt64BE(BigInt(this.#context.tree.appliedZxid), REPLY_ZXID_OFFSET);
      connection.channel.outgoing().writeBytes(late, 0, late.length);
      connection.writesAnswered += 1;
    }
  }
}
