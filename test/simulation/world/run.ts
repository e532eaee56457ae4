import type { ServerId } from '@corral/primitives';
import { type Epochs, type History, Replica, type ReplicaOptions, timingOf } from '@corral/zab';
import { BrokenPromiseError } from '../checkers/broken-promise.js';
import { checkConverged, hasConverged } from '../checkers/convergence.js';
import { DurabilityChecker } from '../checkers/durability.js';
import { IntegrityChecker } from '../checkers/integrity.js';
import { LeadershipChecker } from '../checkers/leadership.js';
import { LinearizabilityChecker } from '../checkers/linearizability.js';
import { TotalOrderChecker } from '../checkers/total-order.js';
import { Clients } from './clients.js';
import { drawQuorums } from './draw-quorums.js';
import { Faults, weatherOf } from './faults.js';
import type { Witness } from './member.js';
import { Network } from './network.js';
import { Prng } from './prng.js';
import { ReplicaMember } from './replica-member.js';
import type { Machine, Payload, ReplicaMemberPorts } from './replica-member-ports.js';
import { Timeline } from './timeline.js';
import { Trace } from './trace.js';

/** How a run is changed from the outside, by tests that want it to fail. */
export interface Sabotage {
  readonly name: string;
  /** In place of the machine of a member. */
  machine(options: ReplicaOptions, history: History, epochs: Epochs): Machine;
}

/** How one run ended. */
export interface Outcome {
  readonly seed: number;
  /** The promise that was broken, or the assertion. */
  readonly failure: Error | undefined;
  readonly trace: readonly string[];
  readonly delivered: number;
  readonly acknowledged: number;
  readonly epochs: number;
  readonly virtualMs: number;
}

const TROUBLED_MS = 12_000;
const QUIET_MS = 12_000;
const TICK_MS = 20;
/** Far more than happens in any run that goes on. */
const STEPS_MAX = 1_000_000;

/** One ensemble under one seed: what goes well and what goes wrong in it all comes from there. */
export function runSeed(
  seed: number,
  options: { readonly trace?: boolean; readonly sabotage?: Sabotage } = {},
): Outcome {
  const world = new World(seed, options.trace ?? false, options.sabotage);
  let failure: Error | undefined;
  try {
    world.run();
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  return world.outcome(failure);
}

class World implements Witness {
  readonly #seed: number;
  readonly #timeline = new Timeline();
  readonly #trace: Trace;
  readonly #members: readonly ReplicaMember[];
  readonly #faults: Faults;
  readonly #leadership = new LeadershipChecker();
  readonly #totalOrder = new TotalOrderChecker();
  readonly #integrity = new IntegrityChecker();
  readonly #linearizability = new LinearizabilityChecker();
  readonly #durability: DurabilityChecker;
  #epochs = 0;
  #steps = 0;

  constructor(seed: number, isTraced: boolean, sabotage: Sabotage | undefined) {
    this.#seed = seed;
    this.#trace = new Trace(isTraced, () => this.#timeline.nowMs);
    const prng = new Prng(seed);
    const voters = prng.pick([3, 3, 5]);
    const observers = prng.chance(0.3) ? 1 : 0;
    const ids = Array.from({ length: voters + observers }, (_, index) => (index + 1) as ServerId);
    const quorums = drawQuorums(prng, ids.slice(0, voters));
    this.#durability = new DurabilityChecker((has) => quorums.isQuorum(has));
    const network = new Network<Payload>({
      timeline: this.#timeline,
      prng,
      delayMsUsual: prng.pick([0.2, 1, 5]),
      delayMsMax: prng.pick([5, 50, 300]),
    });
    const settings = { tickMs: TICK_MS, tickTimeMs: 200, initLimit: 5, syncLimit: 2 };
    const timing = timingOf(
      prng.chance(0.3) ? { ...settings, heartbeat: { intervalMs: 40, silenceMs: 160 } } : settings,
    );
    const counterMax = prng.chance(0.2) ? prng.between(5, 60) : undefined;
    this.#members = ids.map((serverId) => {
      const isParticipant = serverId <= voters;
      const role = isParticipant ? 'participant' : 'observer';
      const replicaOptions: ReplicaOptions = {
        serverId,
        role,
        quorums,
        observers: ids.slice(voters),
        timing,
        config: null,
        counterMax,
      };
      const ports: ReplicaMemberPorts = {
        serverId,
        isParticipant,
        peers: isParticipant ? ids.slice(0, voters).filter((peer) => peer !== serverId) : ids.slice(0, voters),
        timeline: this.#timeline,
        prng,
        trace: this.#trace,
        network,
        witness: this,
        tickMs: TICK_MS,
        memberOf: (id) => this.#members[id - 1]!,
        newMachine: (history, epochs) =>
          sabotage?.machine(replicaOptions, history, epochs) ?? new Replica(replicaOptions, history, epochs),
      };
      return new ReplicaMember(ports);
    });
    const members = this.#members;
    this.#faults = new Faults(
      { timeline: this.#timeline, prng, trace: this.#trace, members, network, areAllWhole: () => this.#areAllWhole() },
      weatherOf(prng),
    );
    new Clients(
      { timeline: this.#timeline, prng, members, linearizability: this.#linearizability },
      prng.between(1, 6),
    );
  }

  run(): void {
    for (const member of this.#members) member.start();
    this.#faults.start();
    while (this.#timeline.step(TROUBLED_MS)) this.#afterStep();
    this.#faults.stop();
    const before = this.#linearizability.count;
    // Clients go on, so that everybody is never quite in step: it is enough to have been once, after something new was written.
    let isDone = false;
    while (!isDone && this.#timeline.step(TROUBLED_MS + QUIET_MS)) {
      this.#afterStep();
      isDone = this.#linearizability.count > before && hasConverged(this.#members, this.#totalOrder.sequence);
    }
    if (!isDone) checkConverged(this.#members, this.#totalOrder.sequence);
    this.#linearizability.check(this.#totalOrder.sequence);
  }

  outcome(failure: Error | undefined): Outcome {
    if (failure !== undefined) this.#trace.add(() => `BROKEN ${failure.message}`);
    return {
      seed: this.#seed,
      failure,
      trace: this.#trace.lines,
      delivered: this.#totalOrder.sequence.length,
      acknowledged: this.#linearizability.count,
      epochs: this.#epochs,
      virtualMs: this.#timeline.nowMs,
    };
  }

  /* What members tell. */

  started(member: ReplicaMember): void {
    this.#totalOrder.has(this.#name(member), member.disk.applied);
  }

  proposed(
    member: ReplicaMember,
    transaction: { zxid: Parameters<IntegrityChecker['proposed']>[1]['zxid']; text: string },
    epoch: number,
  ): void {
    this.#integrity.proposed(member.serverId, transaction, epoch);
  }

  applied(member: ReplicaMember, transaction: Parameters<Witness['applied']>[1]): void {
    this.#integrity.delivered(this.#name(member), transaction);
    const isNew = this.#totalOrder.delivered(this.#name(member), member.disk.applied.length - 1, transaction);
    if (isNew) this.#durability.deliveredFirst(transaction, this.#members);
  }

  installed(member: ReplicaMember): void {
    this.#totalOrder.has(this.#name(member), member.disk.applied);
  }

  epochAgreed(member: ReplicaMember, epoch: number): void {
    this.#leadership.leads(member.serverId, epoch);
  }

  established(member: ReplicaMember, epoch: number): void {
    this.#epochs += 1;
    this.#leadership.leads(member.serverId, epoch);
    this.#durability.established(member, epoch, this.#totalOrder.sequence);
  }

  /** Every other promise is checked as the event happens that could break it. */
  #afterStep(): void {
    this.#steps += 1;
    if (this.#steps > STEPS_MAX) throw new BrokenPromiseError('Liveness', 'the members talk without end');
  }

  /** Nothing is under way either: an ack that is on its way counts, and must not outlive the disk that it speaks of. */
  #areAllWhole(): boolean {
    const last = this.#totalOrder.sequence.at(-1);
    // In one epoch, too: a member that stands still in an older one could else agree on the newer one again, with the member that has lost its promise.
    const epoch = this.#members[0]?.epoch;
    return this.#members.every(
      ({ serves, disk, epoch: own }) =>
        serves !== undefined &&
        own === epoch &&
        (last === undefined || (disk.lastZxid === last.zxid && disk.hasDurably(last.zxid, last.text))),
    );
  }

  #name(member: ReplicaMember): string {
    return `member ${String(member.serverId)}`;
  }
}
