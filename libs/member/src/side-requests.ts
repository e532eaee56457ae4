import { ErrorCode, OpCode } from '@corral/model';
import { ProtocolViolationError, readAuthRequest, readSaslRequest, type RecordReader } from '@corral/wire';
import type { Connection } from './connection.js';
import { beginReply, writeEmptyReply } from './replies.js';
import type { RequestsContext } from './requests-context.js';
import { identitiesProvedBy } from './requests/auth.js';
import type { WriteRequests } from './write-requests.js';

/** The requests that are neither reads nor writes: about who the client is, and its leaving. */
export class SideRequests {
  readonly #context: RequestsContext;
  readonly #writes: WriteRequests;

  constructor(context: RequestsContext, writes: WriteRequests) {
    this.#context = context;
    this.#writes = writes;
  }

  /** Takes in the request whose body the reader stands at. @throws ProtocolViolationError */
  take(connection: Connection, reader: RecordReader, xid: number, type: number): void {
    switch (type) {
      case OpCode.auth:
        this.#auth(connection, reader, xid);
        return;
      case OpCode.sasl:
        sasl(connection, reader, xid);
        return;
      case OpCode.closeSession:
        this.#close(connection, xid);
        return;
      default:
        // ZooKeeper answers so, with this zxid, and ends the connection; the session lives on.
        writeEmptyReply(connection.channel.outgoing(), xid, -1, ErrorCode.unimplemented);
        this.#context.member.closeConnection(connection);
    }
  }

  #close(connection: Connection, xid: number): void {
    const { member, sessions } = this.#context;
    const { session } = connection;
    connection.phase = 'leaving';
    if (session === undefined || member.failure !== undefined) {
      // The session outlives the connection: its end cannot be made durable.
      this.#writes.refuse(connection, xid, OpCode.closeSession, ErrorCode.notReadOnly);
      member.closeConnection(connection);
      return;
    }
    connection.writesProposed += 1;
    sessions.close(session, this.#writes.pending(connection, xid, OpCode.closeSession));
  }

  /** Answered at once, not in order with requests under way, and with zxid 0: ZooKeeper does it outside its pipeline. */
  #auth(connection: Connection, reader: RecordReader, xid: number): void {
    const request = orViolation(() => readAuthRequest(reader));
    const { member, options, statistics } = this.#context;
    const proved = identitiesProvedBy(request, connection.channel.remoteAddress, options.superDigest);
    const accepted = proved.length > 0 && proved.every((identity) => connection.addIdentity(identity));
    const code = accepted ? ErrorCode.ok : ErrorCode.authFailed;
    writeEmptyReply(connection.channel.outgoing(), xid, 0, code);
    if (accepted) return;
    statistics.authFailures += 1;
    member.closeConnection(connection);
  }
}

/** Without a mechanism configured ZooKeeper answers with no token, and leaves the client to draw its conclusion. */
function sasl(connection: Connection, reader: RecordReader, xid: number): void {
  const token = orViolation(() => readSaslRequest(reader));
  if (token === null) throw new ProtocolViolationError('a SASL request without a token');
  const writer = connection.channel.outgoing();
  const at = beginReply(writer, xid, 0, ErrorCode.ok);
  writer.writeBuffer(null);
  writer.endFrame(at);
}

function orViolation<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ProtocolViolationError('a request that cannot be read', { cause: error });
  }
}
