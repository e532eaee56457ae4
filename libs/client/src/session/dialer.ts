import type { ConnectRequest } from '@corral/model';
import { TlsError } from '../errors/tls-error.js';
import type { ClientSettings } from '../options.js';
import type { HostAddress } from '../ports/transport.js';
import { type BackOff, HostRotation } from './host-rotation.js';
import { Link, type LinkOwner } from './link.js';

/** The longest wait is far below a session timeout, so that a server that is back is found in time. */
const BACK_OFF: BackOff = { minMs: 100, maxMs: 1000 };

/** Makes one link after the other: knows whose turn it is among the hosts, and when. */
export class Dialer {
  /** Where the last attempt went. */
  address: HostAddress | undefined;
  readonly #settings: ClientSettings;
  readonly #hosts: HostRotation;
  #timer: unknown;
  #hasWorked = false;
  #failureCount = 0;
  /** What this round over the hosts has found to be set up wrong. */
  #fault: TlsError | undefined;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.#hosts = new HostRotation(settings.servers.hosts, settings.random, BACK_OFF);
  }

  /** Says when the next attempt is due: at once, or after a wait that grows with failures. */
  schedule(afterLoss: boolean, due: (address: HostAddress) => void): void {
    const { address, delayMs } = this.#hosts.next(afterLoss);
    this.#timer = this.#settings.timers.setTimeout(() => {
      due(address);
    }, delayMs);
  }

  /** Begins to connect. */
  dial(address: HostAddress, greeting: ConnectRequest, owner: LinkOwner): Link {
    const { connectTimeoutMs, replySizeBytesMax, timers, transport } = this.#settings;
    this.address = address;
    return new Link({ transport, timers, address, greeting, connectTimeoutMs, replySizeBytesMax }, owner);
  }

  /** The server has taken the client: failures so far count no more. */
  worked(): void {
    this.#hasWorked = true;
    this.#hosts.worked();
  }

  /**
   * An attempt has failed. Answers with what will not mend itself, when a whole round over the hosts has brought nothing better and no
   * server has ever taken the client: a client that once was well goes on.
   */
  failed(cause: Error | undefined): TlsError | undefined {
    if (this.#hasWorked) return undefined;
    if (cause instanceof TlsError) this.#fault = cause;
    this.#failureCount += 1;
    if (this.#failureCount % this.#hosts.size !== 0) return undefined;
    const fault = this.#fault;
    this.#fault = undefined;
    return fault;
  }

  /** The next attempt goes to the host of the last one. */
  again(): void {
    if (this.address !== undefined) this.prefer(this.address);
  }

  /** The next attempt goes to this host. */
  prefer(address: HostAddress): void {
    this.#hosts.prefer(address);
  }

  cancel(): void {
    this.#settings.timers.clearTimeout(this.#timer);
  }
}
