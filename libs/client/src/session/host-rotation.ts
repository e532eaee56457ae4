import type { HostAddress } from '../ports/transport.js';

/** How long to wait between rounds over all hosts. */
export interface BackOff {
  /** The wait after the first round has failed; it doubles with each further round. */
  readonly minMs: number;
  /** The longest wait. */
  readonly maxMs: number;
}

/** After a connection that had worked, clients come back spread over this time, not all at once. */
const RETURN_JITTER_MS = 30;

/** Whom to try next, and how long to wait before. */
export interface Attempt {
  readonly address: HostAddress;
  readonly delayMs: number;
}

/**
 * The order in which hosts are tried: shuffled once, so that clients spread over an ensemble, then round and round. Between hosts of
 * one round there is no wait; between rounds there is one that grows, with jitter, so that clients do not return in step.
 */
export class HostRotation {
  readonly #hosts: readonly HostAddress[];
  readonly #random: () => number;
  readonly #backOff: BackOff;
  #next = 0;
  /** Attempts since a connection last worked. */
  #failures = 0;

  constructor(hosts: readonly HostAddress[], random: () => number, backOff: BackOff) {
    this.#random = random;
    this.#backOff = backOff;
    this.#hosts = hosts
      .map((host) => ({ host, rank: random() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ host }) => host);
  }

  get size(): number {
    return this.#hosts.length;
  }

  /** The connection works: the next loss begins a new round. */
  worked(): void {
    this.#failures = 0;
  }

  /** The next attempt. `afterLoss`: a connection that had worked is gone. */
  next(afterLoss: boolean): Attempt {
    const address = this.#hosts[this.#next % this.#hosts.length]!;
    this.#next = (this.#next + 1) % this.#hosts.length;
    const delayMs = this.#delayMs(afterLoss);
    this.#failures += 1;
    return { address, delayMs };
  }

  /** The next attempt goes to this host, if it is one of ours: it was just found to be there. */
  prefer(address: HostAddress): void {
    const at = this.#hosts.findIndex(({ host, port }) => host === address.host && port === address.port);
    if (at >= 0) this.#next = at;
  }

  #delayMs(afterLoss: boolean): number {
    if (afterLoss) return this.#random() * RETURN_JITTER_MS;
    const rounds = Math.floor(this.#failures / this.#hosts.length);
    if (rounds === 0 || this.#failures % this.#hosts.length !== 0) return 0;
    const waitMs = Math.min(this.#backOff.minMs * 2 ** (rounds - 1), this.#backOff.maxMs);
    return waitMs * (0.5 + this.#random() / 2);
  }
}
