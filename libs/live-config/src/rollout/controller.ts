import { randomUUID } from 'node:crypto';
import { ErrorCode } from '@corral/model';
import type { Logger } from '@corral/primitives';
import { type ConfigClient, hasCode, withSignal } from '../ensemble/client-port.js';
import { ensureZnode } from '../ensemble/parents.js';
import { ScopeReader } from '../ensemble/scope-reader.js';
import { systemClock } from '../ensemble/wall-clock.js';
import { InvalidInputError } from '../errors.js';
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
  readonly #client: ConfigClient;
  readonly #store: ConfigStore;
  readonly #reader: ScopeReader;
  readonly #rollouts: Rollouts;
  readonly #gates: Readonly<Record<string, Gate>>;
  readonly #intervalMs: number;
  readonly #id: string;
  readonly #logger: Logger;
  readonly #clock: SubscriptionClock;
  #abort = new AbortController();
  #cancelTimer: (() => void) | undefined;
  #round: Promise<void> | undefined;
  #isActive = false;
  #collectedAtMs = 0;

  /** @throws InvalidInputError */
  constructor(client: ConfigClient, store: ConfigStore, options: RolloutControllerOptions = {}) {
    const { intervalMs = INTERVAL_MS } = options;
    if (!(intervalMs >= 1)) throw new InvalidInputError('intervalMs', 'must be 1 or more milliseconds');
    this.#client = client;
    this.#store = store;
    this.#reader = new ScopeReader(client, options.root);
    this.#rollouts = new Rollouts(client, this.#reader);
    this.#gates = options.gates ?? {};
    this.#intervalMs = intervalMs;
    this.#id = options.id ?? randomUUID();
    this.#logger = options.logger ?? (() => undefined);
    this.#clock = options.clock ?? systemClock;
  }

  /** Whether it is this one that acts, as far as it knows. */
  get isActive(): boolean {
    return this.#isActive;
  }

  start(): void {
    if (this.#cancelTimer !== undefined || this.#round !== undefined) return;
    this.#abort = new AbortController();
    this.#next(0);
  }

  /** Stops, and lets another act. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    await this.#round;
    if (!this.#isActive) return;
    this.#isActive = false;
    try {
      await this.#client.delete(controllerPath(this.#reader.root));
    } catch {
      // It goes with the session.
    }
  }

  #next(delayMs: number): void {
    if (this.#abort.signal.aborted) return;
    this.#cancelTimer = this.#clock.after(delayMs, () => {
      this.#cancelTimer = undefined;
      this.#round = this.#runRound().finally(() => {
        this.#round = undefined;
        this.#next(this.#intervalMs);
      });
    });
  }

  async #runRound(): Promise<void> {
    const { signal } = this.#abort;
    try {
      this.#isActive = await this.#claim(signal);
      if (!this.#isActive) return;
      for (const scope of await this.#rollouts.active(signal)) await this.#advance(scope, signal);
      await this.#collect(signal);
    } catch (error) {
      this.#isActive = false;
      if (!signal.aborted) this.#logger('warn', 'gradual releases wait: a round failed', { error: String(error) });
    }
  }

  /** Whether the claim is this session's: taken now, or before. */
  async #claim(signal: AbortSignal): Promise<boolean> {
    const path = controllerPath(this.#reader.root);
    const call = withSignal(signal);
    const there = await this.#client.exists(path, call);
    if (there !== undefined) return there.ephemeralOwner === this.#client.sessionId;
    await ensureZnode(this.#client, this.#reader.root, signal);
    try {
      await this.#client.create(path, this.#id, { mode: 'ephemeral', ...call });
      return true;
    } catch (error) {
      if (hasCode(error, ErrorCode.nodeExists)) return false;
      throw error;
    }
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
