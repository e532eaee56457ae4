import { InvalidInputError, TooLargeError } from '../errors.js';
import { limits } from '../limits.js';
import { checkName } from '../names.js';

/** Who belongs to a stage: instances by their labels (any of the listed values), or a percentage of all. */
export type StageSelector =
  { readonly labels: Readonly<Record<string, string | readonly string[]>> } | { readonly percent: number };

/** One step of a gradual release. Stages add up: who was in an earlier one stays in. */
export interface StageSpec {
  readonly name?: string | undefined;
  readonly select: StageSelector;
  /** How long the stage is watched before it may be left. */
  readonly soakMs: number;
  /** The name of the gate that must pass; absent: soaking is enough. A gate that fails at any time rolls the release back. */
  readonly gate?: string | undefined;
  /** How long after soaking an undecided gate is waited for before it counts as failed. 10 minutes by default. */
  readonly gateTimeoutMs?: number | undefined;
  /** `manual`: soaked and passed, it waits for `promote`. `auto` by default. */
  readonly promote?: 'auto' | 'manual' | undefined;
}

/** A gradual release. After the last stage everybody has it; that needs no stage of its own. */
export interface RolloutSpec {
  readonly stages: readonly StageSpec[];
}

/** What a subscriber is known by. */
export interface InstanceIdentity {
  readonly instanceId: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** How long an undecided gate is waited for unless the stage says otherwise. */
export const GATE_TIMEOUT_MS_DEFAULT = 600_000;

/** Checks a gradual release. @throws InvalidInputError | TooLargeError naming the field. */
export function checkRolloutSpec(spec: RolloutSpec): RolloutSpec {
  const stages: readonly StageSpec[] | undefined = spec.stages;
  if (!Array.isArray(stages) || stages.length === 0) throw new InvalidInputError('rollout.stages', 'must hold a stage');
  if (stages.length > limits.stagesMax) {
    throw new TooLargeError('number of rollout.stages', stages.length, limits.stagesMax);
  }
  return { stages: spec.stages.map((stage, i) => checkStage(stage, `rollout.stages[${i}]`)) };
}

function checkStage(stage: StageSpec, field: string): StageSpec {
  checkDuration(`${field}.soakMs`, stage.soakMs);
  if (stage.gateTimeoutMs !== undefined) checkDuration(`${field}.gateTimeoutMs`, stage.gateTimeoutMs);
  if (stage.name !== undefined) checkName(`${field}.name`, stage.name);
  if (stage.gate !== undefined) checkName(`${field}.gate`, stage.gate);
  if (stage.promote !== undefined && stage.promote !== 'auto' && stage.promote !== 'manual') {
    throw new InvalidInputError(`${field}.promote`, 'must be auto or manual');
  }
  return { ...stage, select: checkSelector(stage.select, `${field}.select`) };
}

function checkSelector(select: StageSelector, field: string): StageSelector {
  if ('percent' in select) {
    const { percent } = select;
    if (typeof percent !== 'number' || !(percent > 0 && percent <= 100)) {
      throw new InvalidInputError(`${field}.percent`, 'must be a number above 0, at most 100');
    }
    return { percent };
  }
  const { labels } = select;
  if (typeof labels !== 'object' || labels === null || Object.keys(labels).length === 0) {
    throw new InvalidInputError(field, 'must have labels or a percent');
  }
  for (const [key, values] of Object.entries(labels)) {
    checkName(`label of ${field}`, key);
    const list: readonly unknown[] = Array.isArray(values) ? values : [values];
    if (list.length === 0 || list.some((value) => typeof value !== 'string')) {
      throw new InvalidInputError(`${field}.labels.${key}`, 'must be a string or a list of strings');
    }
  }
  return { labels };
}

function checkDuration(field: string, ms: unknown): void {
  if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < 0) {
    throw new InvalidInputError(field, 'must be a number of milliseconds, 0 or more');
  }
}
