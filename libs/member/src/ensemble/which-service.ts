import type { ReplicaState } from '@corral/zab';
import { LeaderService } from './leader-service.js';
import { LearnerService } from './learner-service.js';
import { ReadOnlyService } from './read-only-service.js';
import type { Service, ServiceInputs } from './service.js';

/** The ways to serve clients. */
export type ServiceKind = 'leader' | 'learner' | 'read-only';

/**
 * How a member serves that has been in its state for so long; nothing while it serves nobody. One that has looked for a leader for longer
 * than elections take is cut off from the quorum; with a grace, and after it, it serves those who are content with reading.
 */
export function serviceKindOf(
  { doing, phase }: Pick<ReplicaState, 'doing' | 'phase'>,
  inStateForMs: number,
  readOnlyGraceMs: number | undefined,
): ServiceKind | undefined {
  if (phase === 'broadcast') return doing === 'leading' ? 'leader' : 'learner';
  if (doing !== 'looking' || readOnlyGraceMs === undefined) return undefined;
  return inStateForMs >= readOnlyGraceMs ? 'read-only' : undefined;
}

const services: Readonly<Record<ServiceKind, new (inputs: ServiceInputs) => Service>> = {
  leader: LeaderService,
  learner: LearnerService,
  'read-only': ReadOnlyService,
};

/** Begins to serve. */
export function newService(kind: ServiceKind, inputs: ServiceInputs): Service {
  return new services[kind](inputs);
}
