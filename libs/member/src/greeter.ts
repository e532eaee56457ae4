import { formatZxid, NO_SESSION } from '@corral/primitives';
import { ErrorCode, OpCode } from '@corral/model';
import { MalformedRecordError, ProtocolViolationError, type RecordReader } from '@corral/wire';
import type { Pending } from './commit-queue.js';
import type { Connection } from './connection.js';
import { type Granted, negotiateTimeoutMs, readHandshake, writeHandshakeReply } from './handshake.js';
import type { RequestsContext } from './requests-context.js';
import type { WriteRequests } from './write-requests.js';

/** What a pending greeting repeats: whether the client knows the read-only flag, and so expects it in the answer. */
const KNOWS_READ_ONLY = 'knows the read-only flag';

/** Answers the first frame of a connection: with a new session, with the one asked for, or not at all. */
export class Greeter {
  readonly #context: RequestsContext;
  readonly #writes: WriteRequests;

  constructor(context: RequestsContext, writes: WriteRequests) {
    this.#context = context;
    this.#writes = writes;
  }

  /** @throws ProtocolViolationError when the connection has to go. */
  greet(connection: Connection, reader: RecordReader): void {
    connection.phase = 'open';
    try {
      this.#greet(connection, reader);
    } catch (error) {
      if (!(error instanceof MalformedRecordError)) throw error;
      throw new ProtocolViolationError('the first frame is no handshake', { cause: error });
    }
  }

  #greet(connection: Connection, reader: RecordReader): void {
    const { commit, member, options, ports, sessions, tree } = this.#context;
    const request = readHandshake(reader);
    if (member.isCutOff && request.readOnly !== true) {
      this.#turnAway(connection, 'it does not accept a read-only member');
      return;
    }
    if (request.lastZxidSeen > tree.appliedZxid) {
      const seen = formatZxid(request.lastZxidSeen);
      throw new ProtocolViolationError(
        `the client has seen ${seen}, this member only ${formatZxid(tree.appliedZxid)}; it must try another member`,
      );
    }
    const timeoutMs = negotiateTimeoutMs(request.timeoutMs, options);
    const knowsReadOnly = request.readOnly !== undefined;
    if (request.sessionId === 0n) {
      this.#open(connection, timeoutMs, knowsReadOnly);
      return;
    }
    const password = request.password ?? Buffer.alloc(0);
    const claim = { id: request.sessionId, password, timeoutMs };
    const attached = sessions.reattach(connection, claim, this.#pending(connection, knowsReadOnly));
    if (attached === 'later') {
      connection.phase = 'greeting';
      connection.writesProposed += 1;
      return;
    }
    if (attached === 'elsewhere') {
      this.#turnAway(connection, 'its session is known to members with a quorum only');
      return;
    }
    if (!attached && commit.confirm !== undefined) {
      this.#confirmEnd(connection, knowsReadOnly);
      return;
    }
    const granted = { id: request.sessionId, timeoutMs, password: ports.passwords.issue(request.sessionId) };
    this.#reply(connection, attached ? granted : undefined, knowsReadOnly);
    if (!attached) member.closeConnection(connection);
  }

  /** A leader that is deposed and does not know it yet has not heard of sessions that a newer one has opened: only a quorum knows that there is none. */
  #confirmEnd(connection: Connection, knowsReadOnly: boolean): void {
    const { commit, member, ports } = this.#context;
    if (member.failure !== undefined) {
      this.#turnAway(connection, 'whether its session is over is for the next leader to say');
      return;
    }
    connection.phase = 'greeting';
    connection.writesProposed += 1;
    const pending = { ...this.#pending(connection, knowsReadOnly), refusal: ErrorCode.sessionExpired };
    commit.confirm?.(pending, NO_SESSION, ports.clock.wallClockMs());
  }

  #open(connection: Connection, timeoutMs: number, knowsReadOnly: boolean): void {
    const { member, sessions } = this.#context;
    if (member.failure !== undefined) {
      throw new ProtocolViolationError('no new session: this member is read-only', { cause: member.failure });
    }
    connection.phase = 'greeting';
    connection.writesProposed += 1;
    sessions.create(connection, timeoutMs, this.#pending(connection, knowsReadOnly));
  }

  #pending(connection: Connection, knowsReadOnly: boolean): Pending {
    const echo = knowsReadOnly ? KNOWS_READ_ONLY : null;
    return this.#writes.pending(connection, 0, OpCode.createSession, ErrorCode.ok, echo);
  }

  /** The session is durable, or found again: tells the client, and opens the connection for requests. Or there is none: ends it. */
  answer(connection: Connection, { echo, refusal }: Pending): void {
    const { session } = connection;
    if (session === undefined || refusal !== ErrorCode.ok) {
      this.#reply(connection, undefined, echo === KNOWS_READ_ONLY);
      this.#context.member.closeConnection(connection);
      return;
    }
    const password = this.#context.ports.passwords.issue(session.id);
    const granted = { id: session.id, timeoutMs: session.timeoutMs, password };
    this.#reply(connection, granted, echo === KNOWS_READ_ONLY);
    connection.lastOperation = 'SESS';
    connection.writesAnswered += 1;
    connection.phase = 'open';
  }

  /** Without a word, as where nobody is served at all: the client will try another member. */
  #turnAway(connection: Connection, reason: string): void {
    const { member, ports } = this.#context;
    ports.logger('debug', 'client turned away', { client: connection.channel.remoteAddress, reason });
    member.closeConnection(connection);
  }

  #reply(connection: Connection, granted: Granted | undefined, knowsReadOnly: boolean): void {
    const readOnly = knowsReadOnly ? this.#context.member.isCutOff : undefined;
    writeHandshakeReply(connection.channel.outgoing(), granted, readOnly);
  }
}
