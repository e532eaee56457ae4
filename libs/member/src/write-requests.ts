import { ErrorCode, OpCode } from '@corral/model';
import { MalformedRecordError, readPathRequest, type RecordReader, type RecordWriter } from '@corral/wire';
import type { ChangeResult } from '@corral/znode';
import type { Connection } from './connection.js';
import type { Pending } from './commit-queue.js';
import { checkAsMulti } from './ensemble/check-as-multi.js';
import { beginReply, writeEmptyReply } from './replies.js';
import type { RequestsContext } from './requests-context.js';
import { WRITE_NAMES } from './requests/read-table.js';
import { writeMultiErrors, writeResult } from './requests/results.js';
import { decideWrite, type Decision } from './requests/writes.js';
import type { Turn } from './turn.js';

/** Decides about writes, proposes them, and encodes their answers once they are done. */
export class WriteRequests {
  readonly #context: RequestsContext;
  readonly #turn: Turn;
  /** Takes an answer that has to wait for nothing. */
  readonly #complete: (pending: Pending) => void;

  constructor(context: RequestsContext, turn: Turn, complete: (pending: Pending) => void) {
    this.#context = context;
    this.#turn = turn;
    this.#complete = complete;
  }

  /** Takes in the write whose body the reader stands at. */
  take(connection: Connection, reader: RecordReader, xid: number, type: number): void {
    const { commit, forward, member, prepare } = this.#context;
    if (type === OpCode.sync && !member.isCutOff) {
      this.#sync(connection, reader, xid);
      return;
    }
    if (member.isCutOff || member.failure !== undefined) {
      this.refuse(connection, xid, type, ErrorCode.notReadOnly);
      return;
    }
    if (forward !== undefined) {
      const request = type === OpCode.check ? this.#checkToForward(reader) : restOf(reader);
      if (request === undefined) {
        this.refuse(connection, xid, type, ErrorCode.marshallingError);
        return;
      }
      connection.writesProposed += 1;
      forward(this.pending(connection, xid, type), connection, request);
      return;
    }
    prepare.zxid = commit.nextZxid;
    const decision = this.#decide(type, reader, connection);
    if (typeof decision === 'number' || 'length' in decision) {
      this.#confirm(this.pending(connection, xid, type, decision), connection);
      return;
    }
    connection.writesProposed += 1;
    const pending = this.pending(connection, xid, type);
    commit.propose(pending, connection.sessionId, this.#turn.wallClockMs, decision);
  }

  #checkToForward(reader: RecordReader): Uint8Array | undefined {
    try {
      return checkAsMulti(restOf(reader));
    } catch (error) {
      if (error instanceof MalformedRecordError) return undefined;
      throw error;
    }
  }

  #decide(type: number, reader: RecordReader, connection: Connection): Decision {
    try {
      return decideWrite(this.#context.prepare, type, reader, connection);
    } catch (error) {
      if (error instanceof MalformedRecordError) return ErrorCode.marshallingError;
      throw error;
    }
  }

  /** Everything that is proposed by now is applied before the answer leaves. */
  #sync(connection: Connection, reader: RecordReader, xid: number): void {
    const { forward } = this.#context;
    const request = forward === undefined ? undefined : restOf(reader);
    const path = readSyncPath(reader);
    if (path !== undefined && forward !== undefined && request !== undefined) {
      connection.writesProposed += 1;
      forward(this.pending(connection, xid, OpCode.sync, ErrorCode.ok, path), connection, request);
    } else if (path === undefined) this.refuse(connection, xid, OpCode.sync, ErrorCode.marshallingError);
    else this.#confirm(this.pending(connection, xid, OpCode.sync, ErrorCode.ok, path), connection);
  }

  /** Answers without having changed anything, once it is sure that the state that the answer speaks of is not past. */
  #confirm(pending: Pending, connection: Connection): void {
    const { commit, member } = this.#context;
    if (commit.confirm === undefined) {
      this.#completeInOrder(pending, connection);
    } else if (member.failure !== undefined) {
      this.refuse(connection, pending.xid, pending.type, ErrorCode.notReadOnly);
    } else {
      connection.writesProposed += 1;
      commit.confirm(pending, connection.sessionId, this.#turn.wallClockMs);
    }
  }

  /** Answers with an error. It may rest on what is proposed and not yet durable, so it waits for that. */
  refuse(connection: Connection, xid: number, type: number, refusal: ErrorCode | readonly ErrorCode[]): void {
    this.#completeInOrder(this.pending(connection, xid, type, refusal), connection);
  }

  #completeInOrder(pending: Pending, connection: Connection): void {
    connection.writesProposed += 1;
    const { commit } = this.#context;
    if (commit.size > 0) commit.await(pending);
    else this.#complete(pending);
  }

  /** An entry for the queue of what waits for the log. */
  pending(
    connection: Connection,
    xid: number,
    type: number,
    refusal: ErrorCode | readonly ErrorCode[] = ErrorCode.ok,
    echo: string | null = null,
  ): Pending {
    return { connection, xid, type, refusal, echo, receivedAtMs: this.#turn.nowMs, transaction: undefined };
  }

  /** Appends the reply to a write that is done. */
  answer(connection: Connection, pending: Pending, result: ChangeResult | ChangeResult[], writer: RecordWriter): void {
    const { transaction, type, xid } = pending;
    // A check that went to the leader comes back as a multi.
    const refusal = type === OpCode.check ? firstOf(pending.refusal) : pending.refusal;
    const zxid = this.#context.tree.appliedZxid;
    this.#turn.noteWriteLatency(connection, pending);
    this.#turn.noteAnswer(connection, WRITE_NAMES[type] ?? 'NA', xid);
    const bodiless = type === OpCode.check || type === OpCode.closeSession;
    if (typeof refusal === 'number' && (refusal !== ErrorCode.ok || bodiless)) {
      writeEmptyReply(writer, xid, zxid, refusal);
      return;
    }
    const at = beginReply(writer, xid, zxid, ErrorCode.ok);
    if (typeof refusal === 'object') writeMultiErrors(writer, refusal);
    else if (transaction !== undefined) writeResult(writer, transaction.change, result);
    else writer.writeString(pending.echo);
    writer.endFrame(at);
  }
}

function firstOf(refusal: Pending['refusal']): ErrorCode {
  return typeof refusal === 'number' ? refusal : (refusal[0] ?? ErrorCode.ok);
}

/** The bytes from where the reader stands to the end of the request. */
function restOf(reader: RecordReader): Uint8Array {
  const at = reader.offset;
  const rest = reader.readRest();
  reader.offset = at;
  return rest;
}

function readSyncPath(reader: RecordReader): string | null | undefined {
  try {
    return readPathRequest(reader).path;
  } catch (error) {
    if (error instanceof MalformedRecordError) return undefined;
    throw error;
  }
}
