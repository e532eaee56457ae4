import type { ConnectRequest } from '@corral/model';
import { type SessionId, sessionIdOf } from '@corral/primitives';
import { readConnectRequest, type RecordReader, type RecordWriter, writeConnectResponse } from '@corral/wire';
import type { MemberOptions } from './options.js';

const PASSWORD_SIZE_BYTES = 16;
const NO_PASSWORD = Buffer.alloc(PASSWORD_SIZE_BYTES);

/** Reads the first frame of a connection. @throws MalformedRecordError */
export function readHandshake(reader: RecordReader): ConnectRequest & { readonly sessionId: SessionId } {
  const request = readConnectRequest(reader);
  return { ...request, sessionId: sessionIdOf(request.sessionId) };
}

/** The session timeout that the client gets for the one that it asked for. */
export function negotiateTimeoutMs(
  requestedMs: number,
  options: Pick<MemberOptions, 'sessionTimeoutMsMin' | 'sessionTimeoutMsMax'>,
): number {
  return Math.min(Math.max(requestedMs, options.sessionTimeoutMsMin), options.sessionTimeoutMsMax);
}

/** What a client is told of its session. */
export interface Granted {
  readonly id: SessionId;
  readonly timeoutMs: number;
  readonly password: Uint8Array;
}

/**
 * Answers the handshake: with a session, or, when `granted` is absent, that the session asked for is gone. `readOnly` is whether this member
 * is; undefined for clients of before 3.4, which send no such flag and get none.
 */
export function writeHandshakeReply(
  writer: RecordWriter,
  granted: Granted | undefined,
  readOnly: boolean | undefined,
): void {
  const at = writer.beginFrame();
  writeConnectResponse(writer, {
    protocolVersion: 0,
    timeoutMs: granted?.timeoutMs ?? 0,
    sessionId: granted?.id ?? 0n,
    password: granted?.password ?? NO_PASSWORD,
    readOnly,
  });
  writer.endFrame(at);
}
