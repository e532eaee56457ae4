import { createHash } from 'node:crypto';
import type { InstanceIdentity, StageSelector, StageSpec } from './spec.js';

/** What decides who sees the candidate: its number, its stages, and how far it got. */
export interface RolloutReach {
  readonly release: number;
  readonly stages: readonly StageSpec[];
  /** The stage that is on, from 0. */
  readonly stage: number;
}

/**
 * Whether an instance sees the release that is being rolled out. A pure function, so every instance decides for itself and the
 * platform, asked, gives the same answer.
 */
export function seesCandidate(reach: RolloutReach, instance: InstanceIdentity): boolean {
  return reach.stages.slice(0, reach.stage + 1).some(({ select }) => selects(select, reach.release, instance));
}

function selects(select: StageSelector, release: number, instance: InstanceIdentity): boolean {
  if ('percent' in select) return bucketOf(release, instance.instanceId) < select.percent;
  return Object.entries(select.labels).every(([key, values]) => {
    const label = Object.hasOwn(instance.labels, key) ? instance.labels[key] : undefined;
    return label !== undefined && (typeof values === 'string' ? values === label : values.includes(label));
  });
}

/**
 * Where an instance stands between 0 and 100. The release goes into the hash, so that it is not always the same instances that
 * meet a new release first; and an instance within 5 % is also within 25 %, so nobody goes back when a stage widens.
 */
export function bucketOf(release: number, instanceId: string): number {
  const digest = createHash('sha256').update(`${release}:${instanceId}`).digest();
  return (digest.readUInt32BE(0) / 0x1_0000_0000) * 100;
}
