import type { ConfigClient } from '../ensemble/client-port.js';
import { withSignal } from '../ensemble/client-port.js';
import { ops } from '../ensemble/ops.js';
import { childrenOf } from '../ensemble/parents.js';
import type { ScopeReader, VersionedPointer } from '../ensemble/scope-reader.js';
import { ConflictError, NotFoundError } from '../errors.js';
import { rolloutMark, rolloutsPath, scopeOfMark } from '../layout/paths.js';
import type { Pointer } from '../layout/pointer.js';
import { describeScope, type Scope } from '../names.js';
import { abortRollout, promoteRollout, type RolloutState, type RolloutStep } from '../rollout/state.js';
import { isRace, pointerWrite } from './publisher.js';
import type { PromoteOptions, WallClock } from './types.js';

/** How often a step is decided anew after the pointer changed under it. */
const ATTEMPTS_MAX = 8;

/**
 * Carries steps of gradual releases out. The state stands in the pointer, and a step is a write with the pointer's version: whoever
 * decided on an older state, a platform that was paused, say, changes nothing.
 */
export class Rollouts {
  readonly #client: ConfigClient;
  readonly #reader: ScopeReader;
  readonly #clock: Pick<WallClock, 'nowMs'>;

  constructor(client: ConfigClient, reader: ScopeReader, clock: Pick<WallClock, 'nowMs'>) {
    this.#client = client;
    this.#reader = reader;
    this.#clock = clock;
  }

  /** The scopes in which a gradual release is on its way. */
  async active(signal?: AbortSignal): Promise<Scope[]> {
    return (await childrenOf(this.#client, rolloutsPath(this.#reader.root), signal)).map(scopeOfMark);
  }

  /** Goes to the next stage, whatever the gate says. @throws NotFoundError | ConflictError when that one is not, or no longer, on */
  promote(scope: Scope, { signal, ...meant }: PromoteOptions): Promise<Pointer> {
    const decide = (state: RolloutState): RolloutStep => {
      checkIsOn(state, meant);
      return promoteRollout(state, this.#clock.nowMs());
    };
    return this.#change(scope, decide, signal);
  }

  /** Ends it by hand. @throws NotFoundError when there is no rollout */
  abort(scope: Scope, reason: string, signal?: AbortSignal): Promise<Pointer> {
    return this.#change(scope, (state) => abortRollout(state, reason, this.#clock.nowMs()), signal);
  }

  /** Decides and carries out, and decides again if the pointer changed meanwhile. */
  async #change(scope: Scope, decide: (state: RolloutState) => RolloutStep, signal?: AbortSignal): Promise<Pointer> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const from = await this.#reader.pointer(scope, signal);
      if (from.pointer.rollout === undefined) throw new NotFoundError(`rollout in ${describeScope(scope)}`);
      const changed = await this.carryOut(scope, from, decide(from.pointer.rollout.state), signal);
      if (changed !== undefined) return changed;
    }
    throw new ConflictError(0, [], '; the rollout kept changing');
  }

  /** Carries one step out on the pointer that it was decided on. Nothing when the pointer has changed since. */
  async carryOut(
    scope: Scope,
    { pointer, version }: VersionedPointer,
    step: RolloutStep,
    signal?: AbortSignal,
  ): Promise<Pointer | undefined> {
    const { rollout } = pointer;
    if (rollout === undefined || step.kind === 'stay') return pointer;
    const next = pointerAfter(pointer, rollout, step);
    const operations = [pointerWrite(this.#reader.paths(scope), next, version)];
    const mark = `${rolloutsPath(this.#reader.root)}/${rolloutMark(scope)}`;
    if (step.kind === 'end') operations.push(ops.delete(mark));
    try {
      await this.#client.multi(operations, withSignal(signal));
      return next;
    } catch (error) {
      if (isRace(error)) return undefined;
      throw error;
    }
  }
}

function checkIsOn({ release, base, stage }: RolloutState, meant: Omit<PromoteOptions, 'signal'>): void {
  if ((meant.release ?? release) === release && (meant.stage ?? stage) === stage) return;
  throw new ConflictError(base, [], `; the gradual release of ${release} is in its stage ${stage}, counted from 0`);
}

function pointerAfter(
  pointer: Pointer,
  rollout: NonNullable<Pointer['rollout']>,
  step: Exclude<RolloutStep, { kind: 'stay' }>,
): Pointer {
  if (step.kind === 'change') return { ...pointer, rollout: { ...rollout, state: step.state } };
  const stable = step.release === rollout.candidate.release ? rollout.candidate : pointer.stable;
  return { ...pointer, stable, rollout: undefined, lastRollout: step.outcome };
}
