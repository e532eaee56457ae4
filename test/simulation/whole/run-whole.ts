import type { ServerId, Zxid } from '@corral/primitives';
import { DEFAULT_MEMBER_OPTIONS, type EnsembleOptions } from '@corral/member';
import { type QuorumMessage, type QuorumVerifier } from '@corral/zab';
import { AnswersChecker } from '../checkers/answers.js';
import { BrokenPromiseError } from '../checkers/broken-promise.js';
import { checkConverged, hasConverged } from '../checkers/convergence.js';
import { DurabilityChecker } from '../checkers/durability.js';
import { IntegrityChecker } from '../checkers/integrity.js';
import { LeadershipChecker } from '../checkers/leadership.js';
import { ReferenceTree } from '../checkers/reference-tree.js';
import { checkSameTrees } from '../checkers/same-trees.js';
import { SessionsChecker } from '../checkers/sessions.js';
import { TotalOrderChecker } from '../checkers/total-order.js';
import type { Applied } from '../world/disk.js';
import { areAllWhole } from '../world/are-all-whole.js';
import { drawQuorums } from '../world/draw-quorums.js';
import { drawTiming, TICK_MS, TICK_TIME_MS } from '../world/draw-timing.js';
import { Faults, weatherOf } from '../world/faults.js';
import { type Connection, Network } from '../world/network.js';
import type { Outcome } from '../world/outcome.js';
import { Prng } from '../../prng.js';
import { StepLimit } from '../world/step-limit.js';
import { Timeline } from '../world/timeline.js';
import { Trace } from '../world/trace.js';
import { transactionOf } from './describe-transaction.js';
import { Networks } from './networks.js';
import { Population } from './population.js';
import type { PeerPayload } from './simulated-peer-network.js';
import type { Tamper } from './tamper.js';
import { WholeMember, type WholeWitness } from './whole-member.js';

/** How a run of whole members ended. */
export interface WholeOutcome extends Outcome {
  readonly events: number;
  readonly expired: number;
}

const TROUBLED_MS = 6_000;
const QUIET_MS = 15_000;

/** One ensemble of whole members with its clients, under one seed: what goes well and what goes wrong in it all comes from there. */
export function runWholeSeed(
  seed: number,
  options: { readonly trace?: boolean; readonly tamper?: Tamper } = {},
): WholeOutcome {
  const mend = options.tamper?.code?.();
  const world = new WholeWorld(seed, options.trace ?? false, options.tamper);
  try {
    world.run();
  } catch (error) {
    world.broken(error instanceof Error ? error : new Error(String(error)));
  } finally {
    mend?.();
  }
  return world.outcome();
}

class WholeWorld implements WholeWitness {
  readonly #seed: number;
  readonly #timeline = new Timeline();
  readonly #trace: Trace;
  readonly #members: readonly WholeMember[];
  readonly #networks: Networks;
  readonly #faults: Faults;
  readonly #population: Population;
  readonly #leadership = new LeadershipChecker();
  readonly #totalOrder = new TotalOrderChecker();
  readonly #integrity = new IntegrityChecker();
  readonly #tree = new ReferenceTree();
  readonly #answers = new AnswersChecker(this.#tree);
  readonly #sessions = new SessionsChecker(this.#tree, () => this.#timeline.nowMs);
  readonly #durability: DurabilityChecker;
  #epochs = 0;
  readonly #limit = new StepLimit();
  /** The first promise that was broken. It is kept here, because a member takes an error that reaches it for a failing disk. */
  #failure: Error | undefined;

  constructor(seed: number, isTraced: boolean, tamper: Tamper | undefined) {
    this.#seed = seed;
    this.#trace = new Trace(isTraced, () => this.#timeline.nowMs);
    const timeline = this.#timeline;
    const prng = new Prng(seed);
    const voters = prng.pick([3, 3, 5]);
    const ids = Array.from({ length: voters + (prng.chance(0.3) ? 1 : 0) }, (_, index) => (index + 1) as ServerId);
    const participants = ids.slice(0, voters);
    const quorums = drawQuorums(prng, participants);
    this.#durability = new DurabilityChecker((has) => quorums.isQuorum(has));
    const delays = { delayMsUsual: prng.pick([0.2, 1, 5]), delayMsMax: prng.pick([5, 50, 300]) };
    const peerNetwork = new Network<PeerPayload>({ timeline, prng, ...delays });
    const clientNetwork = new Network<Buffer>({ timeline, prng, ...delays });
    const observers = ids.slice(voters);
    const ensembleOptions = optionsOf(prng, quorums, observers);
    const shared = {
      tickMs: TICK_MS,
      timeline,
      prng,
      trace: this.#trace,
      peerNetwork,
      clientNetwork,
      witness: this,
      memberOf: (id: ServerId) => this.#members[id - 1]!,
      sequenceThrough: (zxid: Zxid) => this.#totalOrder.sequence.filter((applied) => applied.zxid <= zxid),
      unsentBytesPause: prng.pick([300, 5_000, 1_000_000]),
      behindMax: prng.pick([2, 20, 1_000]),
      tamper,
    };
    this.#members = ids.map((serverId) => {
      const isParticipant = serverId <= voters;
      const options = ensembleOptions(serverId, isParticipant ? 'participant' : 'observer');
      return new WholeMember({
        ...shared,
        serverId,
        isParticipant,
        peers: participants.filter((peer) => peer !== serverId),
        options,
      });
    });
    const members = this.#members;
    const networks = new Networks(peerNetwork, clientNetwork);
    this.#networks = networks;
    this.#faults = new Faults(
      {
        timeline,
        prng,
        trace: this.#trace,
        members,
        network: networks,
        areAllWhole: () => areAllWhole(members, this.#totalOrder.sequence),
      },
      weatherOf(prng),
    );
    this.#population = new Population(
      {
        members,
        timeline,
        prng,
        trace: this.#trace,
        network: clientNetwork,
        tree: this.#tree,
        answers: this.#answers,
        sessions: this.#sessions,
      },
      prng.between(1, 6),
    );
  }

  run(): void {
    for (const member of this.#members) member.start();
    this.#faults.start();
    while (this.#timeline.step(TROUBLED_MS)) this.#afterStep();
    this.#faults.stop();
    this.#networks.calm();
    const before = this.#answers.acknowledgedWrites;
    // Clients go on until something new was written; then everybody looks at what there is.
    let isSettling = false;
    let isDone = false;
    while (!isDone && this.#timeline.step(TROUBLED_MS + QUIET_MS)) {
      this.#afterStep();
      if (!isSettling && this.#answers.acknowledgedWrites > before) {
        isSettling = true;
        this.#population.settle();
      }
      isDone = isSettling && this.#population.isSettled && this.#isAtRest();
    }
    if (!isDone) this.#explainUnrest(isSettling);
    checkSameTrees(new Map(this.#members.map((member) => [this.#name(member), member.disk.store])), this.#tree);
  }

  /** All members have the same, and only the clients that are there have sessions. */
  #isAtRest(): boolean {
    const present = new Set(this.#population.sessions());
    return (
      this.#sessions.living().every((id) => present.has(id)) && hasConverged(this.#members, this.#totalOrder.sequence)
    );
  }

  #explainUnrest(isSettling: boolean): never {
    checkConverged(this.#members, this.#totalOrder.sequence);
    const why = isSettling ? 'a session outlives its client, or a client is not served' : 'no write goes through';
    throw new BrokenPromiseError('Liveness', `all is well again, and ${why}`);
  }

  /** Every other promise is checked as the event happens that could break it. */
  #afterStep(): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#limit.step();
  }

  broken(error: Error): void {
    this.#failure ??= error;
  }

  #judge(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.broken(error instanceof Error ? error : new Error(String(error)));
    }
  }

  outcome(): WholeOutcome {
    const failure = this.#failure;
    if (failure !== undefined) this.#trace.add(() => `BROKEN ${failure.message}`);
    return {
      seed: this.#seed,
      failure,
      trace: this.#trace.lines,
      delivered: this.#totalOrder.sequence.length,
      epochs: this.#epochs,
      acknowledged: this.#answers.acknowledgedWrites,
      events: this.#population.events,
      expired: this.#sessions.expired,
    };
  }

  /* What members tell. */

  started(member: WholeMember): void {
    this.#judge(() => {
      this.#totalOrder.has(this.#name(member), member.disk.applied);
    });
  }

  proposed(member: WholeMember, transaction: Applied, epoch: number): void {
    this.#judge(() => {
      this.#integrity.proposed(member.serverId, transaction, epoch);
      this.#sessions.proposed(member.serverId, transactionOf(member.disk.entry(transaction.zxid)!.bytes));
    });
  }

  applied(member: WholeMember, transaction: Applied): void {
    this.#judge(() => {
      this.#integrity.delivered(this.#name(member), transaction);
      const isNew = this.#totalOrder.delivered(this.#name(member), member.disk.applied.length - 1, transaction);
      if (!isNew) return;
      this.#trace.add(() => `committed ${transaction.zxid.toString(16)} ${transaction.text}`);
      this.#durability.deliveredFirst(transaction, this.#members);
      this.#tree.apply(transactionOf(member.disk.entry(transaction.zxid)!.bytes));
    });
  }

  installed(member: WholeMember): void {
    this.#judge(() => {
      this.#totalOrder.has(this.#name(member), member.disk.applied);
    });
  }

  epochAgreed(member: WholeMember, epoch: number): void {
    this.#judge(() => {
      this.#leadership.leads(member.serverId, epoch);
    });
  }

  established(member: WholeMember, epoch: number): void {
    this.#judge(() => {
      this.#epochs += 1;
      this.#leadership.leads(member.serverId, epoch);
      this.#durability.established(member, epoch, this.#totalOrder.sequence);
    });
  }

  roleChanged(member: WholeMember): void {
    this.#sessions.roleChanged(member.serverId);
  }

  heard(member: WholeMember, connection: Connection<Buffer>): void {
    const session = this.#population.sessionOver(connection);
    if (session !== undefined) this.#sessions.heard(member.serverId, session, member.serves === 'leading');
  }

  received(member: WholeMember, _from: ServerId, message: QuorumMessage): void {
    if (message.kind === 'revalidate') this.#sessions.told(member.serverId, message.sessionId);
    if (message.kind !== 'ping') return;
    for (const { sessionId } of message.touches ?? []) this.#sessions.told(member.serverId, sessionId);
  }

  sent(member: WholeMember, message: QuorumMessage): void {
    const touches = message.kind === 'ping' ? message.touches : null;
    if (touches === null) return;
    this.#judge(() => {
      this.#sessions.pinging(member.serverId, touches);
    });
  }

  #name(member: WholeMember): string {
    return `member ${String(member.serverId)}`;
  }
}

/** The settings of an ensemble, and from them those of each member. */
function optionsOf(
  prng: Prng,
  quorums: QuorumVerifier,
  observers: readonly ServerId[],
): (serverId: ServerId, role: 'participant' | 'observer') => EnsembleOptions {
  const { timing, counterMax } = drawTiming(prng);
  const readOnlyGraceMs = prng.pick([undefined, 100]);
  const treeFlushIntervalMs = prng.pick([100, 500, 3000]);
  return (serverId, role) => ({
    ...DEFAULT_MEMBER_OPTIONS,
    serverId,
    sessionTimeoutMsMin: 2 * TICK_TIME_MS,
    treeFlushIntervalMs,
    replica: { serverId, role, quorums, observers, timing, config: null, counterMax },
    configText: 'version=0',
    leaderServes: true,
    readOnlyGraceMs,
    participants: quorums.participants,
  });
}
