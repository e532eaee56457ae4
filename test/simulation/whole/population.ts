import type { ServerId, SessionId } from '@corral/primitives';
import type { Connection } from '../world/network.js';
import type { Asked } from '../checkers/answers.js';
import { type ClientPorts, SimulatedClient } from './simulated-client.js';
import { appetiteOf, Workload } from './workload.js';

/** What a population lives with. */
export type PopulationPorts = Omit<ClientPorts, 'name' | 'address' | 'timeoutMs' | 'ready' | 'answered'>;

/** Clients stand on the network under numbers that no member has. */
const FIRST_ADDRESS = 1000;

interface Inhabitant {
  readonly client: SimulatedClient;
  readonly workload: Workload;
  isThinking: boolean;
  /** It has seen the last state. */
  isSettled: boolean;
}

/** The clients of a run: each asks, thinks and asks again; now and then one moves, leaves or dies, and another comes in its place. */
export class Population {
  readonly #ports: PopulationPorts;
  readonly #inhabitants = new Map<ServerId, Inhabitant>();
  readonly #thinkMs: number;
  readonly #restlessness: number;
  #count = 0;
  #isSettling = false;
  /** Events that clients have got, those that are gone included. */
  #eventsOfTheGone = 0;

  constructor(ports: PopulationPorts, size: number) {
    const { prng } = ports;
    this.#ports = ports;
    this.#thinkMs = prng.between(10, 150);
    this.#restlessness = prng.pick([0, 0.02, 0.05, 0.15]);
    for (let count = 0; count < size; count += 1) this.#arrive();
  }

  get events(): number {
    return [...this.#inhabitants.values()].reduce(
      (sum, { client }) => sum + client.watches.events,
      this.#eventsOfTheGone,
    );
  }

  /** Whose session is served over this connection. */
  sessionOver(connection: Connection<Buffer>): SessionId | undefined {
    const client = this.#inhabitants.get(connection.opener)?.client;
    return client?.isAttachedOver(connection) === true ? client.sessionId : undefined;
  }

  /** The sessions of those who are there. */
  sessions(): SessionId[] {
    return [...this.#inhabitants.values()].map(({ client }) => client.sessionId);
  }

  #arrive(): void {
    const { prng, timeline } = this.#ports;
    this.#count += 1;
    const name = `c${String(this.#count)}`;
    const address = (FIRST_ADDRESS + this.#count) as ServerId;
    const workload = new Workload(name, prng, appetiteOf(prng));
    const client: SimulatedClient = new SimulatedClient({
      ...this.#ports,
      name,
      address,
      timeoutMs: prng.pick([500, 1000, 2000]),
      ready: () => {
        if (client.outstanding === 0) this.#think(inhabitant);
      },
      answered: (asked, answer, isIdle) => {
        workload.noteAnswer(asked, answer);
        this.#settled(inhabitant, asked);
        if (isIdle) this.#think(inhabitant);
      },
    });
    const inhabitant: Inhabitant = { client, workload, isThinking: false, isSettled: false };
    this.#inhabitants.set(address, inhabitant);
    timeline.after(prng.between(0, 300), () => {
      client.start();
    });
  }

  /** After a while the client does something else. */
  #think(inhabitant: Inhabitant): void {
    const { prng, timeline } = this.#ports;
    const { client } = inhabitant;
    if (inhabitant.isThinking) return;
    inhabitant.isThinking = true;
    timeline.after(this.#thinkMs * 2 * prng.next(), () => {
      inhabitant.isThinking = false;
      if (!client.isReady || client.outstanding > 0) return;
      if (this.#isSettling) this.#settle(inhabitant);
      else if (prng.chance(this.#restlessness)) this.#wander(inhabitant);
      else for (const request of inhabitant.workload.burst()) client.ask(request);
    });
  }

  #wander({ client }: Inhabitant): void {
    const { prng } = this.#ports;
    const draw = prng.next();
    if (draw < 0.6) client.move();
    else if (draw < 0.8) client.ask({ kind: 'closeSession' });
    else {
      client.die();
      this.#eventsOfTheGone += client.watches.events;
      for (const [address, inhabitant] of this.#inhabitants) {
        if (inhabitant.client === client) this.#inhabitants.delete(address);
      }
      this.#arrive();
    }
  }

  /* The end of a run. */

  /** From now on nobody writes; everybody looks at the last state once. */
  settle(): void {
    this.#isSettling = true;
    for (const inhabitant of this.#inhabitants.values()) this.#think(inhabitant);
  }

  #settle(inhabitant: Inhabitant): void {
    if (!inhabitant.isSettled) inhabitant.client.ask({ kind: 'sync', path: '/' });
  }

  #settled(inhabitant: Inhabitant, { request }: Asked): void {
    if (this.#isSettling && request.kind === 'sync' && request.path === '/') inhabitant.isSettled = true;
  }

  get isSettled(): boolean {
    return [...this.#inhabitants.values()].every(({ isSettled, client }) => isSettled && client.isReady);
  }
}
