import { describe, expect, it } from '@jest/globals';
import { InvalidInputError } from '../errors.js';
import { bucketOf, seesCandidate } from './select.js';
import { checkRolloutSpec, GATE_TIMEOUT_MS_DEFAULT, type StageSpec } from './spec.js';
import { abortRollout, promoteRollout, type RolloutState, startRollout, stepRollout } from './state.js';

const canary: StageSpec = { name: 'canary', select: { labels: { tier: 'canary' } }, soakMs: 1000, gate: 'healthy' };
const tenth: StageSpec = { select: { percent: 10 }, soakMs: 500 };
const half: StageSpec = { select: { percent: 50 }, soakMs: 500, promote: 'manual' };
const at = (nowMs: number, stages = [canary, tenth, half]): RolloutState => startRollout(7, 6, stages, nowMs);

describe('a stage', () => {
  it('is left when it has soaked and its gate passes, not before', () => {
    expect(stepRollout(at(0), 'pass', 999)).toEqual({ kind: 'stay' });
    expect(stepRollout(at(0), 'unknown', 1000)).toEqual({ kind: 'stay' });
    expect(stepRollout(at(0), 'pass', 1000)).toMatchObject({
      kind: 'change',
      state: { stage: 1, status: 'soaking', stageStartedAtMs: 1000, startedAtMs: 0 },
    });
  });

  it('rolls back as soon as its gate fails, and says why', () => {
    expect(stepRollout(at(0), 'fail', 1)).toEqual({
      kind: 'end',
      release: 6,
      outcome: {
        release: 7,
        base: 6,
        stage: 0,
        outcome: 'rolled-back',
        reason: 'gate healthy failed in stage 1 of 3',
        atMs: 1,
      },
    });
  });

  it('rolls back when its gate stays undecided too long', () => {
    const late = 1000 + GATE_TIMEOUT_MS_DEFAULT;
    expect(stepRollout(at(0), 'unknown', late - 1)).toEqual({ kind: 'stay' });
    expect(stepRollout(at(0), 'unknown', late)).toMatchObject({
      kind: 'end',
      release: 6,
      outcome: { outcome: 'rolled-back' },
    });
    const short = at(0, [{ ...canary, gateTimeoutMs: 10 }]);
    expect(stepRollout(short, 'unknown', 1010)).toMatchObject({ kind: 'end', release: 6 });
  });

  it('without a gate needs only to soak, whatever is said of gates', () => {
    const state = { ...at(0), stage: 1 };
    expect(stepRollout(state, 'fail', 499)).toEqual({ kind: 'stay' });
    expect(stepRollout(state, 'unknown', 500)).toMatchObject({ kind: 'change', state: { stage: 2 } });
  });

  it('that is promoted by hand waits for the hand, and still rolls back when its gate fails', () => {
    const state = { ...at(0, [{ ...half, gate: 'healthy' }]), stage: 0 };
    const waiting = stepRollout(state, 'pass', 500);
    expect(waiting).toMatchObject({ kind: 'change', state: { stage: 0, status: 'awaiting-promotion' } });
    const waits = (waiting as { state: RolloutState }).state;
    expect(stepRollout(waits, 'pass', 1e9)).toEqual({ kind: 'stay' });
    expect(stepRollout(waits, 'fail', 1e9)).toMatchObject({ kind: 'end', release: 6 });
    expect(promoteRollout(waits, 600)).toMatchObject({
      kind: 'end',
      release: 7,
      outcome: { outcome: 'completed', atMs: 600 },
    });
  });

  it('that is the last is followed by everybody', () => {
    expect(stepRollout(at(0, [tenth]), 'unknown', 500)).toMatchObject({
      kind: 'end',
      release: 7,
      outcome: { outcome: 'completed' },
    });
  });

  it('can be passed by hand before it has soaked, and the whole be given up', () => {
    expect(promoteRollout(at(0), 1)).toMatchObject({ kind: 'change', state: { stage: 1, stageStartedAtMs: 1 } });
    expect(abortRollout(at(0), 'not today', 2)).toMatchObject({
      release: 6,
      outcome: { outcome: 'aborted', reason: 'not today' },
    });
  });
});

describe('who sees a release that is being rolled out', () => {
  const instance = (instanceId: string, labels: Record<string, string> = {}) => ({ instanceId, labels });

  it('is told by labels: every one, any of its values', () => {
    const stages: StageSpec[] = [{ select: { labels: { tier: ['canary', 'beta'], zone: 'eu' } }, soakMs: 0 }];
    const sees = (labels: Record<string, string>): boolean =>
      seesCandidate({ release: 1, stages, stage: 0 }, instance('a', labels));
    expect(sees({ tier: 'beta', zone: 'eu' })).toBe(true);
    expect(sees({ tier: 'beta' })).toBe(false);
    expect(sees({ tier: 'x', zone: 'eu' })).toBe(false);
    expect(
      seesCandidate(
        { release: 1, stages: [{ select: { labels: { constructor: 'x' } }, soakMs: 0 }], stage: 0 },
        instance('a'),
      ),
    ).toBe(false);
  });

  it('is told by percentage, and about as many as it says', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => `instance-${i}`);
    const share = (percent: number, release: number): string[] =>
      ids.filter((id) =>
        seesCandidate({ release, stages: [{ select: { percent }, soakMs: 0 }], stage: 0 }, instance(id)),
      );
    expect(share(10, 1).length).toBeGreaterThan(900);
    expect(share(10, 1).length).toBeLessThan(1100);
    expect(share(100, 1)).toHaveLength(10_000);
    const wide = new Set(share(50, 1));
    expect(share(10, 1).every((id) => wide.has(id))).toBe(true);
    expect(share(10, 1)).not.toEqual(share(10, 2));
    expect(bucketOf(1, 'a')).toBe(bucketOf(1, 'a'));
  });

  it('grows with the stages and never shrinks', () => {
    const stages = [canary, tenth];
    const reached = instance('far', { tier: 'canary' });
    expect([0, 1].map((stage) => seesCandidate({ release: 1, stages, stage }, reached))).toEqual([true, true]);
    expect(seesCandidate({ release: 1, stages: [tenth, canary], stage: 0 }, instance('x', { tier: 'canary' }))).toBe(
      bucketOf(1, 'x') < 10,
    );
  });
});

describe('a gradual release that is asked for', () => {
  it.each([
    [{ stages: [] }, 'rollout.stages must hold a stage'],
    [{}, 'rollout.stages must hold a stage'],
    [{ stages: [{ ...tenth, soakMs: -1 }] }, 'rollout.stages[0].soakMs'],
    [{ stages: [tenth, { ...tenth, select: { percent: 0 } }] }, 'rollout.stages[1].select.percent'],
    [{ stages: [{ ...tenth, select: { percent: 101 } }] }, 'percent'],
    [{ stages: [{ ...tenth, select: {} }] }, 'rollout.stages[0].select must have labels or a percent'],
    [{ stages: [{ ...tenth, select: { labels: { a: [] } } }] }, 'rollout.stages[0].select.labels.a'],
    [{ stages: [{ ...tenth, gate: 'a/b' }] }, 'rollout.stages[0].gate'],
    [{ stages: [{ ...tenth, promote: 'soon' }] }, 'rollout.stages[0].promote must be auto or manual'],
  ])('as %j is refused', (spec, message) => {
    expect(() => checkRolloutSpec(spec as never)).toThrow(InvalidInputError);
    expect(() => checkRolloutSpec(spec as never)).toThrow(message);
  });

  it('has few stages', () => {
    expect(() => checkRolloutSpec({ stages: Array.from({ length: 17 }, () => tenth) })).toThrow(
      'number of rollout.stages is 17',
    );
  });
});
