import type { ServerId } from '@corral/primitives';
import { type Epochs, type History, Replica, type ReplicaOptions } from '@corral/zab';
import { checkConverged, hasConverged } from '../checkers/convergence.js';
import { DurabilityChecker } from '../checkers/durability.js';
import { IntegrityChecker } from '../checkers/integrity.js';
import { LeadershipChecker } from '../checkers/leadership.js';
import { LinearizabilityChecker } from '../checkers/linearizability.js';
import { TotalOrderChecker } from '../checkers/total-order.js';
import { areAllWhole } from './are-all-whole.js';
import { Clients } from './clients.js';
import { drawQuorums } from './draw-quorums.js';
import { drawTiming, TICK_MS } from './draw-timing.js';
import { Faults, weatherOf } from './faults.js';
import type { Witness } from './member.js';
import { Network } from './network.js';
import type { Outcome } from './outcome.js';
import { Prng } from '../../prng.js';
import { ReplicaMember } from './replica-member.js';
import type { Machine, Payload, ReplicaMemberPorts } from './replica-member-ports.js';
import { StepLimit } from './step-limit.js';
import { Timeline } from './timeline.js';
import { Trace } from './trace.js';

/** How a run is changed from the outside, by tests that want it to fail. */
export interface Sabotage {
  readonly name: string;
  /** In place of the machine of a member. */
  machine(options: ReplicaOptions, history: History, epochs: Epochs): Machine;
}

/** How a run of replicas ended. */
export interface ReplicaOutcome extends Outcome {
  readonly virtualMs: number;
}

const TROUBLED_MS = 12_000;
const QUIET_MS = 12_000;

/** One ensemble under one seed: what goes well and what goes wrong in it all comes from there. */
export function runSeed(
  seed: number,
  options: { readonly trace?: boolean; readonly sabotage?: Sabotage } = {},
): ReplicaOutcome {
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
  readonly #limit = new StepLimit();

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
    const { timing, counterMax } = drawTiming(prng);
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
      {
        timeline: this.#timeline,
        prng,
        trace: this.#trace,
        members,
        network,
        areAllWhole: () => areAllWhole(members, this.#totalOrder.sequence),
      },
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
    // Every other promise is checked as the event happens that could break it.
    while (this.#timeline.step(TROUBLED_MS)) this.#limit.step();
    this.#faults.stop();
    const before = this.#linearizability.count;
    // Clients go on, so that everybody is never quite in step: it is enough to have been once, after something new was written.
    let isDone = false;
    while (!isDone && this.#timeline.step(TROUBLED_MS + QUIET_MS)) {
      this.#limit.step();
      isDone = this.#linearizability.count > before && hasConverged(this.#members, this.#totalOrder.sequence);
    }
    if (!isDone) checkConverged(this.#members, this.#totalOrder.sequence);
    this.#linearizability.check(this.#totalOrder.sequence);
  }

  outcome(failure: Error | undefined): ReplicaOutcome {
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

  #name(member: ReplicaMember): string {
    return `member ${String(member.serverId)}`;
  }
}
