import type { RolloutOutcome, RolloutState, Scope, ScopeStatus, StageSelector, StageSpec } from '@corral/live-config';
import {
  choice,
  whole,
  either,
  list,
  map,
  number,
  optional,
  part,
  record,
  type Schema,
  text,
  timeMs,
} from '../../openapi/schema.js';

/** Gradual releases on their way. */
export interface RolloutList {
  readonly rollouts: readonly ScopeStatus[];
}

const labelValue = text('A value', { example: 'eu' });

const select: Schema<StageSelector> = either(
  part<Extract<StageSelector, { labels: unknown }>>('Instances with these labels', {
    labels: map('For each label, one value or any of several', either(labelValue, list('Values', labelValue)), {
      example: { zone: ['eu'] },
    }),
  }),
  part<Extract<StageSelector, { percent: unknown }>>('A share of all instances', {
    percent: number('Above 0, at most 100', { example: 10 }),
  }),
);

const stage = record<StageSpec>('RolloutStage', 'A stage of a gradual release', {
  name: optional(text('For people', { example: 'canary' })),
  select,
  soakMs: number('How long it is watched before it may be left, in milliseconds', { example: 60_000 }),
  gate: optional(text('The gate that must pass')),
  gateTimeoutMs: optional(
    number('How long an undecided gate is waited for, in milliseconds; 600000 without it', { example: 600_000 }),
  ),
  promote: optional(choice('How it is left; auto without it', { auto: '', manual: 'waits for a hand' })),
});

const rollout = record<RolloutState>('Rollout', 'A gradual release on its way', {
  release: whole('The release that is rolled out', { example: 13 }),
  base: whole('The release that everybody else sees, and all again if it fails', { example: 12 }),
  stages: list('One after the other', stage),
  stage: whole('The stage that is on, from 0', { example: 0 }),
  status: choice('How the stage stands', {
    soaking: 'being watched',
    'awaiting-promotion': 'watched long enough; somebody has to say go',
  }),
  stageStartedAtMs: timeMs('When the stage began'),
  startedAtMs: timeMs('When all of it began'),
});

const outcome = record<RolloutOutcome>('RolloutOutcome', 'How a gradual release ended', {
  release: whole('The release that was rolled out', { example: 13 }),
  base: whole('The release before', { example: 12 }),
  outcome: choice('How it ended', {
    completed: 'everybody has it',
    aborted: 'ended by hand; nobody has it',
    'rolled-back': 'a gate failed; nobody has it',
  }),
  stage: whole('The stage it got to, from 0', { example: 1 }),
  reason: text('In words', { example: 'all stages passed' }),
  atMs: timeMs('When it ended'),
});

export const scopeStatus = record<ScopeStatus>(
  'ScopeStatus',
  "Where an application, or a namespace's defaults, stands",
  {
    scope: part<Scope>('What this is of', {
      namespace: text('The namespace', { example: 'shop' }),
      application: optional(text("The application; without it, the namespace's defaults", { example: 'pricing' })),
    }),
    release: whole('The release that everybody sees, save whom a gradual one has reached; 0 before the first', {
      example: 12,
    }),
    lastRelease: whole('The highest number that was given', { example: 13 }),
    rollout: optional(rollout),
    lastRollout: optional(outcome),
  },
);

export const rolloutList = record<RolloutList>('RolloutList', 'Gradual releases on their way', {
  rollouts: list('Where each stands', scopeStatus),
});
