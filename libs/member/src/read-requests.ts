import { ErrorCode, OpCode } from '@corral/model';
import { MalformedRecordError, type RecordReader } from '@corral/wire';
import type { Connection } from './connection.js';
import { beginReply, writeEmptyReply } from './replies.js';
import type { RequestsContext } from './requests-context.js';
import { type Read, readTable } from './requests/read-table.js';
import type { ReadContext } from './requests/reads.js';
import type { Turn } from './turn.js';

/** The xid that ZooKeeper answers every ping with. */
const PING_XID = -2;

/** Answers pings and reads, out of the tree as it is applied. */
export class ReadRequests {
  readonly #context: ReadContext;
  readonly #turn: Turn;
  readonly #table: readonly (Read | undefined)[];

  constructor({ tree, options, watchEvents }: RequestsContext, turn: Turn) {
    this.#context = { tree, skipAcl: options.skipAcl };
    this.#turn = turn;
    this.#table = readTable(watchEvents);
  }

  /** Whether requests of this type are answered here. */
  includes(type: number): boolean {
    return type === OpCode.ping || this.#table[type] !== undefined;
  }

  /** Appends the reply to the request whose body the reader stands at. */
  answer(connection: Connection, reader: RecordReader, xid: number, type: number): void {
    this.#turn.noteRead();
    const writer = connection.channel.outgoing();
    const zxid = this.#context.tree.appliedZxid;
    const read = this.#table[type];
    if (read === undefined) {
      this.#turn.noteAnswer(connection, 'PING', PING_XID);
      writeEmptyReply(writer, PING_XID, zxid, ErrorCode.ok);
      return;
    }
    this.#turn.noteAnswer(connection, read.name, xid);
    if (read.bodiless) {
      const code = this.#run(read, connection, reader);
      writeEmptyReply(writer, xid, zxid, code);
      return;
    }
    const at = beginReply(writer, xid, zxid, ErrorCode.ok);
    const code = this.#run(read, connection, reader);
    if (code === ErrorCode.ok) {
      writer.endFrame(at);
    } else {
      writer.truncate(at);
      writeEmptyReply(writer, xid, zxid, code);
    }
  }

  #run(read: Read, connection: Connection, reader: RecordReader): ErrorCode {
    try {
      return read.answer(this.#context, connection, reader, connection.channel.outgoing());
    } catch (error) {
      if (error instanceof MalformedRecordError) return ErrorCode.marshallingError;
      throw error;
    }
  }
}
