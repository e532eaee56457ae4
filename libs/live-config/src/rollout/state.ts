import { GATE_TIMEOUT_MS_DEFAULT, type StageSpec } from './spec.js';

/** What a gate says of a stage now. */
export type GateVerdict = 'pass' | 'fail' | 'unknown';

/** A gradual release on its way, as it stands in the pointer znode: whoever reads it can go on with it. */
export interface RolloutState {
  /** The release that is being rolled out. */
  readonly release: number;
  /** The release that everybody else sees, and all again if it fails. */
  readonly base: number;
  readonly stages: readonly StageSpec[];
  /** The stage that is on, from 0. */
  readonly stage: number;
  /** `soaking`: being watched. `awaiting-promotion`: watched long enough, somebody has to say go. */
  readonly status: 'soaking' | 'awaiting-promotion';
  /** When the stage began, wall clock. */
  readonly stageStartedAtMs: number;
  readonly startedAtMs: number;
}

/** How a gradual release ended. */
export interface RolloutOutcome {
  readonly release: number;
  readonly base: number;
  readonly outcome: 'completed' | 'aborted' | 'rolled-back';
  /** The stage it got to, from 0. */
  readonly stage: number;
  /** In words, for people. */
  readonly reason: string;
  readonly atMs: number;
}

/** What is to be done with a gradual release. */
export type RolloutStep =
  | { readonly kind: 'stay' }
  /** Goes on: to the next stage, or to wait for a hand. */
  | { readonly kind: 'change'; readonly state: RolloutState }
  /** Over: everybody sees `release`. */
  | { readonly kind: 'end'; readonly release: number; readonly outcome: RolloutOutcome };

/** The first state of a gradual release. */
export function startRollout(release: number, base: number, stages: readonly StageSpec[], nowMs: number): RolloutState {
  return { release, base, stages, stage: 0, status: 'soaking', stageStartedAtMs: nowMs, startedAtMs: nowMs };
}

/**
 * What time and the stage's gate make of it. A gate that fails rolls back at once, soaked or not; a stage is left when it has soaked
 * and its gate passes; a gate that stays undecided too long has failed.
 */
export function stepRollout(state: RolloutState, verdict: GateVerdict, nowMs: number): RolloutStep {
  const stage = stageOf(state);
  const gate = stage.gate ?? '';
  if (stage.gate !== undefined && verdict === 'fail') return rollBack(state, `gate ${gate} failed`, nowMs);
  if (state.status === 'awaiting-promotion') return { kind: 'stay' };
  const soakedForMs = nowMs - state.stageStartedAtMs - stage.soakMs;
  if (soakedForMs < 0) return { kind: 'stay' };
  if (stage.gate !== undefined && verdict === 'unknown') {
    if (soakedForMs < (stage.gateTimeoutMs ?? GATE_TIMEOUT_MS_DEFAULT)) return { kind: 'stay' };
    return rollBack(state, `gate ${gate} did not decide in time`, nowMs);
  }
  if (stage.promote === 'manual') return { kind: 'change', state: { ...state, status: 'awaiting-promotion' } };
  return promoteRollout(state, nowMs);
}

/** Goes to the next stage without asking anything: what a hand does, and what a passed stage does by itself. */
export function promoteRollout(state: RolloutState, nowMs: number): RolloutStep {
  const next = state.stage + 1;
  if (next < state.stages.length) {
    return { kind: 'change', state: { ...state, stage: next, status: 'soaking', stageStartedAtMs: nowMs } };
  }
  const outcome = { ...endOf(state, nowMs), outcome: 'completed', reason: 'all stages passed' } as const;
  return { kind: 'end', release: state.release, outcome };
}

/** Ends it by hand: everybody goes back to the release before. */
export function abortRollout(state: RolloutState, reason: string, nowMs: number): RolloutStep & { kind: 'end' } {
  return { kind: 'end', release: state.base, outcome: { ...endOf(state, nowMs), outcome: 'aborted', reason } };
}

function rollBack(state: RolloutState, why: string, nowMs: number): RolloutStep {
  const reason = `${why} in stage ${state.stage + 1} of ${state.stages.length}`;
  return { kind: 'end', release: state.base, outcome: { ...endOf(state, nowMs), outcome: 'rolled-back', reason } };
}

function endOf({ release, base, stage }: RolloutState, atMs: number): Omit<RolloutOutcome, 'outcome' | 'reason'> {
  return { release, base, stage, atMs };
}

/** The stage that is on. */
export function stageOf(state: RolloutState): StageSpec {
  const stage = state.stages[state.stage];
  if (stage === undefined) throw new RangeError(`rollout of release ${state.release} has no stage ${state.stage}`);
  return stage;
}
