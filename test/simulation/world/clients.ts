import type { LinearizabilityChecker } from '../checkers/linearizability.js';
import type { AppendingMember } from './member.js';
import type { Prng } from '../../prng.js';
import type { Timeline } from './timeline.js';

/** What clients work with. */
export interface ClientPorts {
  readonly timeline: Timeline;
  readonly prng: Prng;
  readonly members: readonly AppendingMember[];
  readonly linearizability: LinearizabilityChecker;
}

/** Clients that append, one thing at a time each, to whoever leads. */
export class Clients {
  readonly #ports: ClientPorts;
  readonly #pauseMs: number;
  #requests = 0;

  constructor(ports: ClientPorts, count: number) {
    this.#ports = ports;
    this.#pauseMs = ports.prng.between(20, 200);
    for (let client = 1; client <= count; client += 1) this.#next(`c${String(client)}`);
  }

  #next(client: string): void {
    const { timeline, prng } = this.#ports;
    timeline.after(this.#pauseMs * 2 * prng.next(), () => {
      this.#append(client);
    });
  }

  #append(client: string): void {
    const { timeline, prng, members, linearizability } = this.#ports;
    const leaders = members.filter(({ serves }) => serves === 'leading');
    const leader = leaders.length === 0 ? undefined : prng.pick(leaders);
    if (leader === undefined) {
      this.#next(client);
      return;
    }
    this.#requests += 1;
    const id = `${client}.${String(this.#requests)}`;
    const startedAtMs = timeline.nowMs;
    leader.append({
      id,
      done: (place) => {
        linearizability.acknowledged({ id, place, startedAtMs, endedAtMs: timeline.nowMs });
        this.#next(client);
      },
      failed: () => {
        this.#next(client);
      },
    });
  }
}
