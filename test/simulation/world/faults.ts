import type { Member } from './member.js';
import type { Connection, Network } from './network.js';
import type { Prng } from '../../prng.js';
import type { Timeline } from './timeline.js';
import type { Trace } from './trace.js';

/** What goes wrong in a run, and how often; drawn from the seed, so that runs differ in kind. */
export interface Weather {
  /** Mean time between two troubles. */
  readonly troubleEveryMs: number;
  readonly crashes: number;
  readonly cuts: number;
  readonly partitions: number;
  readonly pauses: number;
  readonly slowDisks: number;
  readonly failingDisks: number;
  readonly wipes: number;
}

/** Each kind of trouble is absent from some runs and frequent in others: the rare combinations come up then. */
export function weatherOf(prng: Prng): Weather {
  const weight = (): number => (prng.chance(0.3) ? 0 : prng.between(1, 10));
  return {
    troubleEveryMs: prng.between(80, 1500),
    crashes: weight() + 1,
    cuts: weight(),
    partitions: weight(),
    pauses: weight(),
    slowDisks: weight(),
    failingDisks: prng.chance(0.5) ? 0 : prng.between(1, 3),
    wipes: prng.chance(0.5) ? 0 : prng.between(1, 3),
  };
}

/** What faults act upon. */
export interface FaultPorts {
  readonly timeline: Timeline;
  readonly prng: Prng;
  readonly trace: Trace;
  readonly members: readonly Member[];
  readonly network: Pick<Network<unknown>, 'cutOff' | 'restoreAll'> & {
    readonly connections: readonly Connection<unknown>[];
    cut(connection: Connection<unknown>): void;
  };
  /** Whether every member serves, and has on its disk all that was delivered. */
  readonly areAllWhole: () => boolean;
}

/** Makes things go wrong until it is stopped, and then mends them all. */
export class Faults {
  readonly #ports: FaultPorts;
  readonly #weather: Weather;
  #isOver = false;
  /** A member that came back empty, until it is whole again: no other trouble may come in that time. */
  #wiped: Member | undefined;

  constructor(ports: FaultPorts, weather: Weather) {
    this.#ports = ports;
    this.#weather = weather;
  }

  start(): void {
    this.#next();
  }

  /** Everything is mended: who is down starts, who is cut off is not. */
  stop(): void {
    const { members, network, trace } = this.#ports;
    trace.add(() => 'the faults are over');
    this.#isOver = true;
    network.restoreAll();
    for (const member of members) {
      member.setDiskDelay(0.4);
      member.resume();
      member.start();
    }
  }

  #next(): void {
    const { timeline, prng } = this.#ports;
    timeline.after(this.#weather.troubleEveryMs * 2 * prng.next(), () => {
      if (this.#isOver) return;
      if (this.#wiped !== undefined && this.#ports.areAllWhole()) this.#wiped = undefined;
      if (this.#wiped === undefined) this.#trouble();
      this.#next();
    });
  }

  #trouble(): void {
    const { prng } = this.#ports;
    const { crashes, cuts, partitions, pauses, slowDisks, failingDisks, wipes } = this.#weather;
    const kinds: (readonly [number, () => void])[] = [
      [
        crashes,
        () => {
          this.#crash(prng.pick(this.#ports.members));
        },
      ],
      [
        cuts,
        () => {
          this.#cut();
        },
      ],
      [
        partitions,
        () => {
          this.#partition();
        },
      ],
      [
        pauses,
        () => {
          this.#pause();
        },
      ],
      [
        slowDisks,
        () => {
          this.#slowDisk();
        },
      ],
      [
        failingDisks,
        () => {
          prng.pick(this.#ports.members).failNextSync();
        },
      ],
      [
        wipes,
        () => {
          this.#wipe();
        },
      ],
      [
        1,
        () => {
          this.#crashAll();
        },
      ],
    ];
    let draw = prng.next() * kinds.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, happen] of kinds) {
      draw -= weight;
      if (draw < 0) {
        happen();
        return;
      }
    }
  }

  #crash(member: Member): void {
    const { prng } = this.#ports;
    member.crash();
    this.#later(prng.chance(0.5) ? prng.between(1, 100) : prng.between(100, 2000), () => {
      member.start();
    });
  }

  #crashAll(): void {
    for (const member of this.#ports.members) this.#crash(member);
  }

  #cut(): void {
    const { network, prng, trace } = this.#ports;
    const { connections } = network;
    if (connections.length === 0) return;
    const connection = prng.pick(connections);
    trace.add(() => `the connection of ${String(connection.opener)} to ${String(connection.accepter)} breaks`);
    network.cut(connection);
  }

  /** Cuts members off from others: one direction, one pair, or one side from the other. */
  #partition(): void {
    const { members, network, prng, trace } = this.#ports;
    const mixed = prng.shuffled(members).map(({ serverId }) => serverId);
    const side = mixed.slice(0, prng.between(1, mixed.length - 1));
    const rest = mixed.slice(side.length);
    const directions = prng.pick(['both', 'out', 'in']);
    trace.add(() => `partition of ${side.join(',')} from ${rest.join(',')}: ${directions}`);
    for (const one of side) {
      for (const other of rest) {
        if (directions !== 'in') network.cutOff(one, other);
        if (directions !== 'out') network.cutOff(other, one);
      }
    }
    this.#later(prng.between(50, 2500), () => {
      network.restoreAll();
    });
  }

  #pause(): void {
    const { members, prng, trace } = this.#ports;
    const member = prng.pick(members);
    trace.add(() => `${String(member.serverId)} stands still`);
    member.pause();
    this.#later(prng.between(20, 1500), () => {
      member.resume();
    });
  }

  #slowDisk(): void {
    const { members, prng } = this.#ports;
    const member = prng.pick(members);
    member.setDiskDelay(prng.between(5, 300));
    this.#later(prng.between(200, 3000), () => {
      member.setDiskDelay(0.4);
    });
  }

  /**
   * A member loses its disk. Zab counts on what its members have promised, so it survives this only while all the others keep what they have: the
   * disk goes when everybody is whole, and nothing else happens until everybody is again.
   */
  #wipe(): void {
    const { prng, trace, areAllWhole, members } = this.#ports;
    if (!areAllWhole()) return;
    const member = prng.pick(members.filter(({ serves }) => serves !== 'leading'));
    trace.add(() => `${String(member.serverId)} loses its disk`);
    this.#wiped = member;
    member.crash();
    member.disk.wipe();
    this.#later(prng.between(1, 300), () => {
      member.start();
    });
  }

  #later(delayMs: number, run: () => void): void {
    this.#ports.timeline.after(delayMs, () => {
      if (!this.#isOver) run();
    });
  }
}
