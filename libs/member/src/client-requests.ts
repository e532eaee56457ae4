import { formatZxid, type Logger, type SessionId } from '@corral/primitives';
import { ErrorCode, OpCode } from '@corral/model';
import {
  MalformedRecordError,
  ProtocolViolationError,
  readAuthRequest,
  readPathRequest,
  readSaslRequest,
  RecordReader,
  RecordWriter,
} from '@corral/wire';
import type { ChangeResult, PrepareContext, Session, SessionTracker, Tree } from '@corral/znode';
import type { Connection } from './connection.js';
import type { GroupCommit, Pending } from './group-commit.js';
import { negotiateTimeoutMs, readHandshake, writeHandshakeReply } from './handshake.js';
import type { MemberOptions } from './options.js';
import type { Clock, SessionPasswords } from './ports.js';
import { beginReply, writeEmptyReply } from './replies.js';
import { identitiesProvedBy } from './requests/auth.js';
import { type Read, readTable, WRITE_NAMES } from './requests/read-table.js';
import { writeMultiErrors, writeResult } from './requests/results.js';
import { decideWrite, type Decision, isWrite } from './requests/writes.js';
import type { MemberStatistics } from './statistics.js';
import type { Metrics } from './status.js';
import type { WatchEvents } from './watch-events.js';

/** The xid that ZooKeeper answers every ping with. */
const PING_XID = -2;
const REQUEST_HEADER_SIZE_BYTES = 8;

/** What requests need of the member. */
export interface SessionLifecycle {
  readonly failure: Error | undefined;
  createSession(connection: Connection, timeoutMs: number, pending: Pending): void;
  reattachSession(connection: Connection, id: SessionId, password: Uint8Array, timeoutMs: number): boolean;
  closeSession(session: Session, pending: Pending): void;
  /** The transaction that ended a session is applied; whoever holds it is ended, save `spared`, which still gets its answer. */
  sessionClosed(id: SessionId, spared: Connection | undefined): void;
  /** Sends what is due to the connection and ends it; it hears of nothing any more. */
  closeConnection(connection: Connection): void;
}

export interface ClientRequestsInputs {
  readonly options: MemberOptions;
  readonly ports: {
    readonly clock: Clock;
    readonly passwords: SessionPasswords;
    readonly logger: Logger;
    readonly metrics?: Metrics;
    readonly flushConnections: () => void;
  };
  readonly tree: Tree<Connection>;
  readonly prepare: PrepareContext;
  readonly sessions: SessionTracker;
  readonly commit: GroupCommit;
  readonly statistics: MemberStatistics;
  readonly watchEvents: WatchEvents;
  readonly lifecycle: SessionLifecycle;
}

/**
 * Takes in clients' frames and answers them: reads at once, or after the same connection's earlier writes; writes once they are
 * durable. One reader and one loop serve all connections.
 */
export class ClientRequests {
  readonly #in: ClientRequestsInputs;
  readonly #reader = new RecordReader();
  readonly #lateAnswer = new RecordWriter(256);
  readonly #reads: readonly (Read | undefined)[];
  readonly #readContext: { readonly tree: Tree<Connection>; readonly skipAcl: boolean };
  /** The time at which the chunk under way arrived; one look at the clock serves all its requests. */
  #nowMs = 0;
  #wallClockMs = 0;
  #readsThisTurn = 0;

  constructor(inputs: ClientRequestsInputs) {
    this.#in = inputs;
    this.#reads = readTable(inputs.watchEvents);
    this.#readContext = { tree: inputs.tree, skipAcl: inputs.options.skipAcl };
  }

  /** One frame of a client. @throws ProtocolViolationError when the connection has to go. */
  take(connection: Connection, buffer: Buffer, start: number, end: number): void {
    if (connection.closed) return;
    const { statistics } = this.#in;
    if (this.#nowMs === 0) this.#readClocks();
    statistics.packetsReceived += 1;
    connection.packetsReceived += 1;
    switch (connection.phase) {
      case 'open':
        this.#request(connection, buffer, start, end);
        return;
      case 'new':
        this.#handshake(connection, buffer, start, end);
        return;
      case 'greeting':
        connection.wait(buffer, start, end);
        return;
      case 'leaving':
    }
  }

  #handshake(connection: Connection, buffer: Buffer, start: number, end: number): void {
    connection.phase = 'open';
    try {
      this.#greet(connection, this.#reader.reset(buffer, start, end));
    } catch (error) {
      if (!(error instanceof MalformedRecordError)) throw error;
      throw new ProtocolViolationError('the first frame is no handshake', { cause: error });
    }
  }

  #readClocks(): void {
    const { clock } = this.#in.ports;
    this.#nowMs = clock.monotonicMs();
    this.#wallClockMs = clock.wallClockMs();
  }

  /** The connection's chunk is taken in. */
  endTurn(connection: Connection): void {
    const { session } = connection;
    const { ports, sessions, statistics } = this.#in;
    const nowMs = ports.clock.monotonicMs();
    if (session !== undefined) sessions.touch(session, session.timeoutMs, nowMs);
    if (this.#readsThisTurn > 0) {
      const latencyMs = nowMs - this.#nowMs;
      statistics.requestLatency.add(latencyMs, this.#readsThisTurn);
      connection.latency.add(latencyMs, this.#readsThisTurn);
      connection.lastLatencyMs = latencyMs;
      ports.metrics?.requestsAnswered('read', latencyMs, this.#readsThisTurn);
      this.#readsThisTurn = 0;
    }
    this.#nowMs = 0;
    this.#boundWatches(connection);
    this.#throttle(connection);
    ports.flushConnections();
  }

  #boundWatches(connection: Connection): void {
    const { options, tree } = this.#in;
    const sizeBytes = tree.dataWatches.sizeBytesOf(connection) + tree.childWatches.sizeBytesOf(connection);
    if (sizeBytes <= options.watchBytesPerConnectionMax || connection.closed) return;
    connection.channel.abort(`its watches take ${String(sizeBytes)} bytes, over ${String(options.watchBytesPerConnectionMax)}`);
  }

  /** All entries of a batch are answered. */
  endBatch(): void {
    this.#nowMs = 0;
    this.#readsThisTurn = 0;
    this.#in.ports.flushConnections();
  }

  /** A connection with many unanswered requests is not read from until some are answered. */
  #throttle(connection: Connection): void {
    const outstanding = connection.outstandingRequests;
    const { statistics, options, commit } = this.#in;
    if (commit.size > statistics.outstandingRequestsMax) statistics.outstandingRequestsMax = commit.size;
    if (!connection.paused && outstanding > options.outstandingRequestsMax) {
      connection.paused = true;
      connection.channel.pauseReading();
    }
  }

  #unthrottle(connection: Connection): void {
    if (!connection.paused || connection.outstandingRequests > this.#in.options.outstandingRequestsMax / 2) return;
    connection.paused = false;
    connection.channel.resumeReading();
  }

  #greet(connection: Connection, reader: RecordReader): void {
    const { lifecycle, options, ports, tree } = this.#in;
    const request = readHandshake(reader);
    const peer = `${connection.channel.remoteAddress}:${String(connection.channel.remotePort)}`;
    if (request.lastZxidSeen > tree.appliedZxid) {
      throw new ProtocolViolationError(
        `client ${peer} has seen ${formatZxid(request.lastZxidSeen)}, this member only ${formatZxid(tree.appliedZxid)}; it must try another member`,
      );
    }
    const timeoutMs = negotiateTimeoutMs(request.timeoutMs, options);
    const knowsReadOnly = request.readOnly !== undefined;
    if (request.sessionId === 0n) {
      if (lifecycle.failure !== undefined) {
        throw new ProtocolViolationError(`no session for ${peer}: this member is read-only`, { cause: lifecycle.failure });
      }
      // The reply to this pending entry is the handshake's; `echo` tells whether the client knows the read-only flag.
      const pending = this.#pending(connection, 0, OpCode.createSession, ErrorCode.ok, knowsReadOnly ? 'ro' : null);
      connection.phase = 'greeting';
      connection.writesProposed += 1;
      lifecycle.createSession(connection, timeoutMs, pending);
      return;
    }
    const password = request.password ?? Buffer.alloc(0);
    const attached = lifecycle.reattachSession(connection, request.sessionId, password, timeoutMs);
    const granted = attached
      ? { id: request.sessionId, timeoutMs, password: ports.passwords.issue(request.sessionId) }
      : undefined;
    writeHandshakeReply(connection.channel.outgoing(), granted, knowsReadOnly);
    if (!attached) lifecycle.closeConnection(connection);
  }

  #request(connection: Connection, buffer: Buffer, start: number, end: number): void {
    if (end - start < REQUEST_HEADER_SIZE_BYTES) {
      throw new ProtocolViolationError(`a request has at least ${String(REQUEST_HEADER_SIZE_BYTES)} bytes`);
    }
    const reader = this.#reader.reset(buffer, start, end);
    const xid = reader.readInt();
    const type = reader.readInt();
    if (connection.session?.closing === true) {
      connection.writesProposed += 1;
      this.#refuse(connection, xid, type, ErrorCode.sessionExpired);
    } else if (type === OpCode.ping || this.#reads[type] !== undefined) {
      if (connection.outstandingRequests > 0 || connection.channel.isFull) connection.wait(buffer, start, end);
      else this.#answerRead(connection, xid, type);
    } else if (isWrite(type)) {
      this.#write(connection, xid, type);
    } else {
      this.#special(connection, xid, type);
    }
  }

  /** Answers the read that the reader stands at. */
  #answerRead(connection: Connection, xid: number, type: number): void {
    this.#readsThisTurn += 1;
    const writer = connection.channel.outgoing();
    const zxid = this.#in.tree.appliedZxid;
    const read = this.#reads[type];
    if (read === undefined) {
      this.#note(connection, 'PING', PING_XID);
      writeEmptyReply(writer, PING_XID, zxid, ErrorCode.ok);
      return;
    }
    this.#note(connection, read.name, xid);
    if (read.bodiless) {
      const code = this.#answer(read, connection);
      writeEmptyReply(writer, xid, zxid, code);
      return;
    }
    const at = beginReply(writer, xid, zxid, ErrorCode.ok);
    const code = this.#answer(read, connection);
    if (code === ErrorCode.ok) {
      writer.endFrame(at);
    } else {
      writer.truncate(at);
      writeEmptyReply(writer, xid, zxid, code);
    }
  }

  #answer(read: Read, connection: Connection): ErrorCode {
    try {
      return read.answer(this.#readContext, connection, this.#reader, connection.channel.outgoing());
    } catch (error) {
      if (error instanceof MalformedRecordError) return ErrorCode.marshallingError;
      throw error;
    }
  }

  #note(connection: Connection, name: string, xid: number): void {
    connection.lastOperation = name;
    // Pings and auth have xids of their own; what a person wants to see is the client's last request.
    if (xid >= 0) connection.lastCxid = xid;
    connection.lastZxid = this.#in.tree.appliedZxid;
    connection.lastResponseAtMs = this.#nowMs;
    connection.packetsSent += 1;
    this.#in.statistics.packetsSent += 1;
  }

  /** Decides about the write that the reader stands at, and proposes it. */
  #write(connection: Connection, xid: number, type: number): void {
    const { commit, lifecycle, prepare } = this.#in;
    connection.writesProposed += 1;
    if (type === OpCode.sync) {
      this.#sync(connection, xid);
      return;
    }
    if (lifecycle.failure !== undefined) {
      this.#refuse(connection, xid, type, ErrorCode.notReadOnly);
      return;
    }
    prepare.zxid = commit.nextZxid;
    const decision = this.#decide(type, connection);
    if (typeof decision === 'number' || 'length' in decision) {
      this.#refuse(connection, xid, type, decision);
      return;
    }
    const pending = this.#pending(connection, xid, type, ErrorCode.ok, null);
    commit.propose(pending, connection.sessionId, this.#wallClockMs, decision);
  }

  #decide(type: number, connection: Connection): Decision {
    try {
      return decideWrite(this.#in.prepare, type, this.#reader, connection);
    } catch (error) {
      if (error instanceof MalformedRecordError) return ErrorCode.marshallingError;
      throw error;
    }
  }

  /** A refusal may rest on what is proposed and not yet durable, so it waits for that. */
  #refuse(connection: Connection, xid: number, type: number, refusal: ErrorCode | readonly ErrorCode[]): void {
    this.#completeInOrder(this.#pending(connection, xid, type, refusal, null));
  }

  /** Everything that is proposed by now is applied before the answer leaves. */
  #sync(connection: Connection, xid: number): void {
    const path = this.#readSyncPath();
    if (path === undefined) this.#refuse(connection, xid, OpCode.sync, ErrorCode.marshallingError);
    else this.#completeInOrder(this.#pending(connection, xid, OpCode.sync, ErrorCode.ok, path));
  }

  #readSyncPath(): string | null | undefined {
    try {
      return readPathRequest(this.#reader).path;
    } catch (error) {
      if (error instanceof MalformedRecordError) return undefined;
      throw error;
    }
  }

  #completeInOrder(pending: Pending): void {
    if (this.#in.commit.size > 0) this.#in.commit.await(pending);
    else this.complete(pending, undefined);
  }

  #pending(
    connection: Connection,
    xid: number,
    type: number,
    refusal: ErrorCode | readonly ErrorCode[],
    echo: string | null,
  ): Pending {
    return { connection, xid, type, refusal, echo, receivedAtMs: this.#nowMs, transaction: undefined };
  }

  /** Answers an entry that is decided, durable and applied, then the reads that waited behind it. */
  complete(pending: Pending, result: ChangeResult | ChangeResult[]): void {
    const { connection, transaction, type } = pending;
    if (this.#nowMs === 0) this.#readClocks();
    if (type === OpCode.closeSession && transaction !== undefined) {
      this.#answerClosed(pending, transaction.header.sessionId);
      return;
    }
    if (connection === undefined || connection.closed) return;
    if (type === OpCode.createSession) {
      this.#answerGreeting(connection, pending.echo !== null);
      return;
    }
    if (connection.isStalled) {
      this.#answerLate(connection, (writer) => {
        this.#answerWrite(connection, pending, result, writer);
      });
      return;
    }
    this.#answerWrite(connection, pending, result, connection.channel.outgoing());
    connection.writesAnswered += 1;
    this.#goOn(connection);
  }

  /** Keeps an answer for when the reads before it have been answered. */
  #answerLate(connection: Connection, write: (writer: RecordWriter) => void): void {
    const writer = this.#lateAnswer;
    writer.clear();
    write(writer);
    connection.lateAnswers.push(Buffer.from(writer.buffer.subarray(0, writer.length)));
  }

  /** The client has taken what waited for it. */
  drained(connection: Connection): void {
    if (!connection.isStalled) return;
    this.#readClocks();
    this.#goOn(connection);
    this.endTurn(connection);
  }

  /** Does what had to wait for the connection's last answer. */
  #goOn(connection: Connection): void {
    this.#answerWaiting(connection);
    this.#unthrottle(connection);
    this.#closeIfEnded(connection);
  }

  #answerGreeting(connection: Connection, knowsReadOnly: boolean): void {
    const { session } = connection;
    if (session === undefined) return;
    const password = this.#in.ports.passwords.issue(session.id);
    const granted = { id: session.id, timeoutMs: session.timeoutMs, password };
    writeHandshakeReply(connection.channel.outgoing(), granted, knowsReadOnly);
    connection.lastOperation = 'SESS';
    connection.writesAnswered += 1;
    connection.phase = 'open';
    this.#takeHeldBack(connection);
    this.#unthrottle(connection);
    this.#closeIfEnded(connection);
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

  /** A client that sends nothing more goes once all is answered. */
  #closeIfEnded(connection: Connection): void {
    if (connection.ended && connection.outstandingRequests === 0) this.#in.lifecycle.closeConnection(connection);
  }

  #answerClosed(pending: Pending, id: SessionId): void {
    const { connection } = pending;
    const { lifecycle, tree } = this.#in;
    lifecycle.sessionClosed(id, connection);
    if (connection === undefined || connection.closed) return;
    this.#note(connection, 'CLOS', pending.xid);
    if (connection.isStalled) {
      // The reads before it come first; the connection goes once the client has taken them.
      connection.ended = true;
      this.#answerLate(connection, (writer) => {
        writeEmptyReply(writer, pending.xid, tree.appliedZxid, ErrorCode.ok);
      });
      return;
    }
    writeEmptyReply(connection.channel.outgoing(), pending.xid, tree.appliedZxid, ErrorCode.ok);
    lifecycle.closeConnection(connection);
  }

  #answerWrite(
    connection: Connection,
    pending: Pending,
    result: ChangeResult | ChangeResult[],
    writer: RecordWriter,
  ): void {
    const { ports, statistics, tree } = this.#in;
    const { refusal, transaction, xid } = pending;
    const zxid = tree.appliedZxid;
    const latencyMs = this.#nowMs - pending.receivedAtMs;
    statistics.requestLatency.add(latencyMs);
    connection.latency.add(latencyMs);
    connection.lastLatencyMs = latencyMs;
    ports.metrics?.requestsAnswered('write', latencyMs, 1);
    this.#note(connection, WRITE_NAMES[pending.type] ?? 'NA', xid);
    if (typeof refusal === 'number' && (refusal !== ErrorCode.ok || pending.type === OpCode.check)) {
      writeEmptyReply(writer, xid, zxid, refusal);
      return;
    }
    const at = beginReply(writer, xid, zxid, ErrorCode.ok);
    if (typeof refusal === 'object') writeMultiErrors(writer, refusal);
    else if (transaction !== undefined) writeResult(writer, transaction.change, result);
    else writer.writeString(pending.echo);
    writer.endFrame(at);
  }

  /** Answers the reads whose turn has come, and the writes behind them, as far as the client takes it. */
  #answerWaiting(connection: Connection): void {
    for (;;) {
      while (!connection.channel.isFull) {
        const read = connection.nextReady();
        if (read === undefined) break;
        const reader = this.#reader.reset(read.buffer, read.start, read.end);
        const xid = reader.readInt();
        this.#answerRead(connection, xid, reader.readInt());
      }
      const late = connection.isStalled ? undefined : connection.lateAnswers.shift();
      if (late === undefined) return;
      connection.channel.outgoing().writeBytes(late, 0, late.length);
      connection.writesAnswered += 1;
    }
  }

  #answerEmpty(connection: Connection, xid: number, code: ErrorCode): void {
    this.#note(connection, 'NA', xid);
    writeEmptyReply(connection.channel.outgoing(), xid, this.#in.tree.appliedZxid, code);
  }

  /** What is neither read nor write. */
  #special(connection: Connection, xid: number, type: number): void {
    switch (type) {
      case OpCode.auth:
        this.#auth(connection, xid);
        return;
      case OpCode.sasl:
        this.#sasl(connection, xid);
        return;
      case OpCode.closeSession:
        this.#close(connection, xid);
        return;
      default:
        // ZooKeeper answers so, with this zxid, and ends the connection; the session lives on.
        writeEmptyReply(connection.channel.outgoing(), xid, -1, ErrorCode.unimplemented);
        this.#in.lifecycle.closeConnection(connection);
    }
  }

  #close(connection: Connection, xid: number): void {
    const { session } = connection;
    if (session === undefined) return;
    if (this.#in.lifecycle.failure !== undefined) {
      this.#answerEmpty(connection, xid, ErrorCode.notReadOnly);
      this.#in.lifecycle.closeConnection(connection);
      return;
    }
    connection.phase = 'leaving';
    connection.writesProposed += 1;
    this.#in.lifecycle.closeSession(session, this.#pending(connection, xid, OpCode.closeSession, ErrorCode.ok, null));
  }

  /** Answered at once, not in order with requests under way, and with zxid 0: ZooKeeper does it outside its pipeline. */
  #auth(connection: Connection, xid: number): void {
    const request = this.#orViolation(() => readAuthRequest(this.#reader));
    const { options, statistics } = this.#in;
    const proved = identitiesProvedBy(request, connection.channel.remoteAddress, options.superDigest);
    const accepted = proved.length > 0 && proved.every((identity) => connection.addIdentity(identity));
    const writer = connection.channel.outgoing();
    if (accepted) {
      writeEmptyReply(writer, xid, 0, ErrorCode.ok);
      return;
    }
    statistics.authFailures += 1;
    writeEmptyReply(writer, xid, 0, ErrorCode.authFailed);
    this.#in.lifecycle.closeConnection(connection);
  }

  /** Without a mechanism configured ZooKeeper answers with no token, and leaves the client to draw its conclusion. */
  #sasl(connection: Connection, xid: number): void {
    const token = this.#orViolation(() => readSaslRequest(this.#reader));
    if (token === null) throw new ProtocolViolationError('a SASL request without a token');
    const writer = connection.channel.outgoing();
    const at = beginReply(writer, xid, 0, ErrorCode.ok);
    writer.writeBuffer(null);
    writer.endFrame(at);
  }

  #orViolation<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw new ProtocolViolationError('a request that cannot be read', { cause: error });
    }
  }
}
