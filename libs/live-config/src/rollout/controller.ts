import { randomUUID } from 'node:crypto';
import type { Logger } from '@corral/primitives';
import { ClaimedRounds } from '../ensemble/claimed-rounds.js';
import type { ConfigClient } from '../ensemble/client-port.js';
import { ScopeReader } from '../ensemble/scope-reader.js';
import { systemClock } from '../ensemble/wall-clock.js';
import { controllerPath } from '../layout/paths.js';
import { describeScope, type Scope } from '../names.js';
import type { ConfigStore } from '../store/config-store.js';
import { Rollouts } from '../store/rollouts.js';
import type { SubscriptionClock } from '../subscription/types.js';
import type { StageSpec } from './spec.js';
import { type GateVerdict, type RolloutState, stageOf, stepRollout } from './state.js';

const INTERVAL_MS = 1000;
/** A gate that does not answer within this is undecided. */
const GATE_MS_MAX = 10_000;
/** How often the controller collects what unfinished releases left. */
const COLLECT_EVERY_MS = 600_000;

/** What a gate is asked about. */
export interface GateQuestion {
  readonly scope: Scope;
  readonly state: RolloutState;
  readonly stage: StageSpec;
}

/** Says whether a stage is well: a check of the registry, a metric, whatever it is made of. One that throws is undecided. */
export type Gate = (question: GateQuestion, signal: AbortSignal) => Promise<GateVerdict>;

/** How a `RolloutController` is set up. */
export interface RolloutControllerOptions {
  /** By the names that stages use. A gate that is not here stays undecided, and so fails in the end. */
  readonly gates?: Readonly<Record<string, Gate>>;
  /** `/corral/config` by default. */
  readonly root?: string;
  /** How often it looks. 1 s by default. */
  readonly intervalMs?: number;
  /** How it is known among platforms. */
  readonly id?: string;
  readonly logger?: Logger;
  readonly clock?: SubscriptionClock;
}

/**
 * Carries gradual releases on by themselves. Every platform runs one; an ephemeral znode lets one of them act. It keeps nothing: the
 * state of every rollout is in the ensemble, so the next goes on where the last one stopped. Two that believe they may act do no harm,
 * because every step is a write with the version it was decided on.
 */
export class RolloutController {
  readonly #store: ConfigStore;
  readonly #reader: ScopeReader;
  readonly #rollouts: Rollouts;
  readonly #gates: Readonly<Record<string, Gate>>;
  readonly #logger: Logger;
  readonly #clock: SubscriptionClock;
  readonly #rounds: ClaimedRounds;
  #collectedAtMs = 0;

  /** @throws InvalidInputError */
  constructor(client: ConfigClient, store: ConfigStore, options: RolloutControllerOptions = {}) {
    this.#store = store;
    this.#reader = new ScopeReader(client, options.root);
    this.#gates = options.gates ?? {};
    this.#logger = options.logger ?? (() => undefined);
    this.#clock = options.clock ?? systemClock;
    this.#rollouts = new Rollouts(client, this.#reader, this.#clock);
    const { root } = this.#reader;
    this.#rounds = new ClaimedRounds(client, {
      path: controllerPath(root),
      parent: root,
      id: options.id ?? randomUUID(),
      intervalMs: options.intervalMs ?? INTERVAL_MS,
      clock: this.#clock,
      round: (signal) => this.#round(signal),
      onFailed: (error) => this.#logger('warn', 'gradual releases wait: a round failed', { error: String(error) }),
    });
  }

  /** Whether it is this one that acts, as far as it knows. */
  get isActive(): boolean {
    return this.#rounds.isActive;
  }

  start(): void {
    this.#rounds.start();
  }

  /** Stops, and lets another act. */
  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  async #round(signal: AbortSignal): Promise<void> {
    for (const scope of await this.#rollouts.active(signal)) await this.#advance(scope, signal);
    await this.#collect(signal);
  }

  async #advance(scope: Scope, signal: AbortSignal): Promise<void> {
    const from = await this.#reader.pointer(scope, signal);
    const { rollout } = from.pointer;
    if (rollout === undefined) return;
    const { state } = rollout;
    const verdict = await this.#ask({ scope, state, stage: stageOf(state) }, signal);
    const step = stepRollout(state, verdict, this.#clock.nowMs());
    if (step.kind === 'stay') return;
    const done = await this.#rollouts.carryOut(scope, from, step, signal);
    if (done === undefined) return;
    const fields = { scope: describeScope(scope), release: state.release, stage: done.rollout?.state.stage };
    const outcome = step.kind === 'end' ? `${step.outcome.outcome}: ${step.outcome.reason}` : step.state.status;
    this.#logger('info', 'a gradual release went on', { ...fields, outcome });
  }

  async #ask(question: GateQuestion, signal: AbortSignal): Promise<GateVerdict> {
    const { gate: name } = question.stage;
    if (name === undefined) return 'pass';
    const gate = Object.hasOwn(this.#gates, name) ? this.#gates[name] : undefined;
    if (gate === undefined) return 'unknown';
    let cancel: (() => void) | undefined;
    const late = new Promise<GateVerdict>((resolve) => {
      cancel = this.#clock.after(GATE_MS_MAX, () => resolve('unknown'));
    });
    try {
      return await Promise.race([gate(question, signal), late]);
    } catch (error) {
      this.#logger('warn', 'a gate could not decide', { gate: name, error: String(error) });
      return 'unknown';
    } finally {
      cancel?.();
    }
  }

  async #collect(signal: AbortSignal): Promise<void> {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#collectedAtMs < COLLECT_EVERY_MS) return;
    this.#collectedAtMs = nowMs;
    for (const scope of await this.#store.listScopes({ signal })) await this.#store.collect(scope, { signal });
  }
}
