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
  /** Its owner was told that it is connected: what follows on another connection is a reconnect. */
  #isAnnounced = false;
  /** Whether a server with a quorum has granted it. Of one that a read-only server grants, no other server knows. */
  #isKnown = false;

  /** Whether the ensemble knows it, so that it can be taken up again. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** The handshake that asks for this session, or for a new one. */
  greeting(timeoutMs: number, acceptsReadOnly: boolean): ConnectRequest {
    const known = this.#isKnown;
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

  /** The server has granted it. */
  granted(response: ConnectResponse): void {
    const id = sessionIdOf(response.sessionId);
    if (id !== this.id) this.#isAnnounced = false;
    this.id = id;
    this.timeoutMs = response.timeoutMs;
    this.isReadOnly = response.readOnly === true;
    if (!this.isReadOnly) this.#isKnown = true;
    // Own memory: the response lies in a chunk of the socket's.
    this.#password = Uint8Array.from(response.password);
  }

  /** A connection is ready; answers with what the owner is told. */
  announce(): 'connected' | 'reconnected' | 'read-only' {
    if (this.isReadOnly) return 'read-only';
    const state = this.#isAnnounced ? 'reconnected' : 'connected';
    this.#isAnnounced = true;
    return state;
  }

  saw(zxid: number): void {
    if (zxid > this.lastZxid) this.lastZxid = zxid as Zxid;
  }

  /**
   * The client gives the session up. `acceptsReadOnly`: it is left to expire, because Apache's read-only servers hang up at whoever
   * names a session of the ensemble's, also to end it.
   */
  retire(acceptsReadOnly: boolean): void {
    if (this.#isKnown && !acceptsReadOnly) this.isRetired = true;
    else this.reset();
  }

  /** There is no session any more. The next one begins without a past, so that a tree that was restored from a backup serves it. */
  reset(): void {
    this.id = NO_SESSION;
    this.timeoutMs = 0;
    this.lastZxid = ZXID_ZERO;
    this.isRetired = false;
    this.isReadOnly = false;
    this.#password = NO_PASSWORD;
    this.#isAnnounced = false;
    this.#isKnown = false;
  }
}
