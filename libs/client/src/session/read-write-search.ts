import type { ClientSettings } from '../options.js';
import type { HostAddress } from '../ports/transport.js';
import { askWord } from './ask-word.js';
import { type BackOff, HostRotation } from './host-rotation.js';

/** As ZooKeeper's Java client waits; an ensemble without a quorum may stay so for long, and has many clients. */
const BACK_OFF: BackOff = { minMs: 100, maxMs: 60_000 };

/**
 * Looks for a server that takes writes, while the one at hand is read-only: asks one host after the other `isro`, which every server
 * answers where read-only mode is enabled, until one says `rw`.
 */
export class ReadWriteSearch {
  readonly #settings: ClientSettings;
  readonly #found: (address: HostAddress) => void;
  #stop: (() => void) | undefined;

  constructor(settings: ClientSettings, found: (address: HostAddress) => void) {
    this.#settings = settings;
    this.#found = found;
  }

  /** Begins to look, anywhere; ends by itself when it has found. */
  start(): void {
    this.stop();
    const { random, servers } = this.#settings;
    this.#next(new HostRotation(servers.hosts, random, BACK_OFF));
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #next(hosts: HostRotation): void {
    const { timers } = this.#settings;
    const { address, delayMs } = hosts.next(false);
    const timer = timers.setTimeout(() => {
      this.#ask(address, hosts);
    }, delayMs);
    this.#stop = () => {
      timers.clearTimeout(timer);
    };
  }

  #ask(address: HostAddress, hosts: HostRotation): void {
    const { connectTimeoutMs: timeoutMs, timers, transport } = this.#settings;
    this.#stop = askWord({ transport, timers, address, timeoutMs }, 'isro', (answer) => {
      this.#stop = undefined;
      if (answer === 'rw') this.#found(address);
      else this.#next(hosts);
    });
  }
}
