import type { ConnectRequest, ConnectResponse } from '@corral/model';
import { NO_SESSION, type SessionId, sessionIdOf, type Zxid, ZXID_ZERO } from '@corral/primitives';

/** What a client that has no session yet sends for a password. */
const NO_PASSWORD = Buffer.alloc(16);

/** What the client knows of its session: enough to take it up again on another connection. */
export class Session {
  /** 0 while there is none. */
  id: SessionId = NO_SESSION;
  /** What the server granted; 0 while there is no session. */
  timeoutMs = 0;
  /** The newest transaction that the client has seen in this session. A server that is behind it must not serve the client. */
  lastZxid: Zxid = ZXID_ZERO;
  /** The client has given the session up; when the server still knows it, it is ended before a new one begins. */
  isRetired = false;
  /** The server that granted the session last answers reads only. */
  isReadOnly = false;
  #password: Uint8Array = NO_PASSWORD;
  /** A read-only server grants sessions that no other server knows. */
  #seenReadWrite = false;

  get isEstablished(): boolean {
    return this.id !== NO_SESSION;
  }

  /** The handshake that asks for this session, or for a new one. */
  greeting(timeoutMs: number, acceptsReadOnly: boolean): ConnectRequest {
    const known = this.#seenReadWrite;
    return {
      protocolVersion: 0,
      // To end a session any server will do.
      lastZxidSeen: this.isRetired ? ZXID_ZERO : this.lastZxid,
      timeoutMs,
      sessionId: known ? this.id : NO_SESSION,
      password: known ? this.#password : NO_PASSWORD,
      readOnly: acceptsReadOnly,
    };
  }

  /** The server has granted it. Says whether it is another session than before. */
  granted(response: ConnectResponse): boolean {
    const id = sessionIdOf(response.sessionId);
    const isNew = id !== this.id;
    this.id = id;
    this.timeoutMs = response.timeoutMs;
    this.isReadOnly = response.readOnly === true;
    if (!this.isReadOnly) this.#seenReadWrite = true;
    // Own memory: the response lies in a chunk of the socket's.
    this.#password = Uint8Array.from(response.password);
    return isNew;
  }

  saw(zxid: number): void {
    if (zxid > this.lastZxid) this.lastZxid = zxid as Zxid;
  }

  /** There is no session any more. The next one begins without a past, so that a tree that was restored from a backup serves it. */
  reset(): void {
    this.id = NO_SESSION;
    this.timeoutMs = 0;
    this.lastZxid = ZXID_ZERO;
    this.isRetired = false;
    this.isReadOnly = false;
    this.#password = NO_PASSWORD;
    this.#seenReadWrite = false;
  }
}
