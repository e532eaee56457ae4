import { CreateFlag } from '@corral/model';
import { type Answer, type MultiPart, type Request, statIn, type Write } from './requests.js';
import type { Asked } from '../checkers/answers.js';
import type { Prng } from '../../prng.js';

const REGISTERS = ['/a', '/b', '/c'];
const LOCKS = ['/lock', '/a/lock'];

/** How often a client asks for what; drawn from the seed, so that runs differ in kind. */
export interface Appetite {
  readonly reads: number;
  readonly writes: number;
  readonly ephemerals: number;
  readonly syncs: number;
  readonly multis: number;
  /** How probable a watch is with each read. */
  readonly watching: number;
}

export function appetiteOf(prng: Prng): Appetite {
  return {
    reads: prng.between(1, 6),
    writes: prng.between(1, 6),
    ephemerals: prng.between(0, 4),
    syncs: prng.between(0, 2),
    multis: prng.between(0, 2),
    watching: prng.pick([0, 0.2, 0.5, 0.8]),
  };
}

/** What one client asks: few znodes, so that clients get in each other's way. */
export class Workload {
  readonly #name: string;
  readonly #prng: Prng;
  readonly #appetite: Appetite;
  /** The version of each znode as the client has seen it last. */
  readonly #versions = new Map<string, number>();
  #values = 0;

  constructor(name: string, prng: Prng, appetite: Appetite) {
    this.#name = name;
    this.#prng = prng;
    this.#appetite = appetite;
  }

  /** Remembers what later requests rest on. */
  noteAnswer({ request }: Asked, { body }: Answer): void {
    const stat = statIn(body);
    if ('path' in request && stat !== undefined) this.#versions.set(request.path, stat.version);
  }

  /** Some requests, to be sent one right behind the other. */
  burst(): Request[] {
    const count = this.#prng.pick([1, 1, 2, 3, 5]);
    return Array.from({ length: count }, () => this.#some()).flat();
  }

  #some(): Request[] {
    const { reads, writes, ephemerals, syncs, multis } = this.#appetite;
    const draw = this.#prng.next() * (reads + writes + ephemerals + syncs + multis);
    if (draw < reads) return [this.#read()];
    if (draw < reads + writes) return [this.#write(this.#prng.pick(REGISTERS))];
    if (draw < reads + writes + ephemerals) return [this.#ephemeral()];
    if (draw < reads + writes + ephemerals + syncs) return this.#syncedRead();
    return [this.#multi()];
  }

  #read(): Request {
    const kind = this.#prng.pick(['getData', 'exists', 'getChildren2'] as const);
    return { kind, path: this.#prng.pick([...REGISTERS, ...LOCKS]), watch: this.#prng.chance(this.#appetite.watching) };
  }

  #syncedRead(): Request[] {
    const path = this.#prng.pick(REGISTERS);
    return [
      { kind: 'sync', path },
      { kind: 'getData', path, watch: false },
    ];
  }

  #write(path: string): Write {
    const draw = this.#prng.next();
    if (draw < 0.35) return { kind: 'create', path, data: this.#value(), flags: CreateFlag.persistent };
    if (draw < 0.45) return { kind: 'delete', path, version: this.#version(path) };
    return { kind: 'setData', path, data: this.#value(), version: this.#version(path) };
  }

  /** Something that goes with its session: a lock that one can hold, or a place in a queue. */
  #ephemeral(): Write {
    const draw = this.#prng.next();
    if (draw < 0.5) {
      return { kind: 'create', path: this.#prng.pick(LOCKS), data: this.#name, flags: CreateFlag.ephemeral };
    }
    if (draw < 0.6) return { kind: 'delete', path: this.#prng.pick(LOCKS), version: -1 };
    return {
      kind: 'create',
      path: `${this.#prng.pick(REGISTERS)}/n-`,
      data: this.#name,
      flags: CreateFlag.ephemeralSequential,
    };
  }

  /** All or nothing, on two znodes that have nothing to do with each other. */
  #multi(): Request {
    const [one, other] = this.#prng.shuffled(REGISTERS) as [string, string];
    const first: MultiPart = this.#prng.chance(0.5)
      ? { kind: 'check', path: one, version: this.#version(one) }
      : this.#write(one);
    return { kind: 'multi', parts: [first, this.#write(other)] };
  }

  #version(path: string): number {
    return this.#prng.chance(0.5) ? -1 : (this.#versions.get(path) ?? 0);
  }

  #value(): string {
    this.#values += 1;
    return `${this.#name}.${String(this.#values)}`;
  }
}
