import { NO_SESSION } from '@corral/primitives';
import type { Identity } from '@corral/model';
import type { Requester, Session } from '@corral/znode';
import type { ClientChannel } from './ports.js';
import { LatencyStatistics } from './statistics.js';
import type { ConnectionStatus } from './status.js';

/** A read that waits until the connection's earlier writes are answered. */
interface WaitingRead {
  /** How many of the connection's writes come before it. */
  readonly afterWrites: number;
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Every ACL check goes through them, so they are few. */
const IDENTITIES_MAX = 100;

/** What the member knows of one client connection. It is also who watches and who asks. */
export class Connection implements Requester {
  readonly channel: ClientChannel;
  /** The session, once the handshake is done. */
  session: Session | undefined;
  /**
   * `new`: the handshake is awaited. `greeting`: the answer to it waits for the log, and what the client sends meanwhile waits for
   * that answer. `open`: requests are taken in. `leaving`: the client has ended its session, nothing more is taken in.
   */
  phase: 'new' | 'greeting' | 'open' | 'leaving' = 'new';
  closed = false;
  /** The client sends nothing more; once all is answered the connection goes. */
  ended = false;
  identities: readonly Identity[];
  /** Writes proposed and answered so far; what lies between is in flight. */
  writesProposed = 0;
  writesAnswered = 0;
  /** Reads behind those writes, oldest first; `#waitingHead` is where it begins. */
  readonly #waiting: WaitingRead[] = [];
  #waitingHead = 0;
  paused = false;
  /** Encoded answers to writes that were done while reads before them were stalled, oldest first. */
  readonly lateAnswers: Buffer[] = [];
  readonly establishedAtMs: number;
  packetsReceived = 0;
  packetsSent = 0;
  lastOperation = 'NA';
  /** -1 before the first request. */
  lastCxid = -1;
  lastZxid = -1;
  lastResponseAtMs = 0;
  lastLatencyMs = 0;
  readonly latency = new LatencyStatistics();

  constructor(channel: ClientChannel, nowMs: number) {
    this.channel = channel;
    this.establishedAtMs = nowMs;
    this.identities = [{ scheme: 'ip', id: channel.remoteAddress }];
  }

  get sessionId(): Session['id'] {
    return this.session === undefined ? NO_SESSION : this.session.id;
  }

  get writesInFlight(): number {
    return this.writesProposed - this.writesAnswered;
  }

  /** Requests that were taken in and are not answered yet. */
  get outstandingRequests(): number {
    return this.writesInFlight + this.#waiting.length - this.#waitingHead;
  }

  /** Keeps a read for later. The frame stays where it is; the buffer behind it lives as long. */
  wait(buffer: Buffer, start: number, end: number): void {
    this.#waiting.push({ afterWrites: this.writesProposed, buffer, start, end });
  }

  /** Whether a read could be answered now, but waits because the client does not take what it is sent. */
  get isStalled(): boolean {
    return (
      this.#waitingHead < this.#waiting.length && this.#waiting[this.#waitingHead]!.afterWrites <= this.writesAnswered
    );
  }

  /** The next read (or, after the greeting, request) whose turn has come. */
  nextReady(): WaitingRead | undefined {
    if (!this.isStalled) return undefined;
    const read = this.#waiting[this.#waitingHead]!;
    this.#waitingHead += 1;
    if (this.#waitingHead === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#waitingHead = 0;
    }
    return read;
  }

  /** Notes what the client has proved; says whether there was room for it. */
  addIdentity(identity: Identity): boolean {
    if (this.identities.some(({ scheme, id }) => scheme === identity.scheme && id === identity.id)) return true;
    if (this.identities.length >= IDENTITIES_MAX) return false;
    this.identities = [...this.identities, identity];
    return true;
  }

  status(): ConnectionStatus {
    return {
      remoteAddress: this.channel.remoteAddress,
      remotePort: this.channel.remotePort,
      sessionId: this.sessionId,
      timeoutMs: this.session?.timeoutMs ?? 0,
      establishedAtMs: this.establishedAtMs,
      packetsReceived: this.packetsReceived,
      packetsSent: this.packetsSent,
      outstandingRequests: this.outstandingRequests,
      lastOperation: this.lastOperation,
      lastCxid: this.lastCxid,
      lastZxid: this.lastZxid as ConnectionStatus['lastZxid'],
      lastResponseAtMs: this.lastResponseAtMs,
      latency: this.latency.summary(),
      lastLatencyMs: this.lastLatencyMs,
    };
  }

  resetStatistics(): void {
    this.packetsReceived = 0;
    this.packetsSent = 0;
    this.latency.reset();
  }
}
