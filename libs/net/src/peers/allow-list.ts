import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { plainAddress } from './peer-endpoint.js';

/** After a look into the name service found nothing new, the next one waits so long, whoever knocks. */
const LOOKUP_PAUSE_MS = 1_000;

/** Who may connect: the addresses of the members, or those that the operator lists, or everybody. */
export interface AllowListOptions {
  /** Names or addresses; a name stands for all addresses that it has. */
  readonly hosts: readonly string[];
  readonly everybody: boolean;
  readonly monotonicMs: () => number;
  /** For tests: the name service. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/** Tells members from strangers by their addresses. Names are looked up anew when an unknown address appears: members move. */
export class AllowList {
  readonly #options: AllowListOptions;
  readonly #allowed = new Set<string>();
  #lookedUpAtMs = -Infinity;
  #lookingUp: Promise<void> | undefined;

  constructor(options: AllowListOptions) {
    this.#options = options;
    for (const host of options.hosts) if (isIP(host) !== 0) this.#allowed.add(host);
  }

  /** Answers at once when the address is known. */
  isKnown(address: string): boolean {
    return this.#options.everybody || this.#allowed.has(plainAddress(address));
  }

  /** Looks the names up if need be. */
  async allows(address: string): Promise<boolean> {
    if (this.isKnown(address)) return true;
    const nowMs = this.#options.monotonicMs();
    if (this.#lookingUp === undefined && nowMs - this.#lookedUpAtMs < LOOKUP_PAUSE_MS) return false;
    this.#lookedUpAtMs = nowMs;
    this.#lookingUp ??= this.#lookUp();
    await this.#lookingUp;
    return this.isKnown(address);
  }

  async #lookUp(): Promise<void> {
    const names = this.#options.hosts.filter((host) => isIP(host) === 0);
    const resolve = this.#options.resolve ?? resolveAll;
    const found = await Promise.allSettled(names.map((name) => resolve(name)));
    for (const result of found) {
      if (result.status === 'fulfilled') for (const address of result.value) this.#allowed.add(address);
    }
    this.#lookingUp = undefined;
  }
}

async function resolveAll(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
