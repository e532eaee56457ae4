import { counterOf, epochOf, type Zxid } from '@corral/primitives';
import type { ReplicaState } from '@corral/zab';
import type { MemberMode } from '../status.js';
import type { EnsembleStatus, LearnerStatus } from './ensemble-status.js';
import type { OpenLink } from './open-link.js';
import type { EnsembleOptions } from './options.js';
import type { ReplicaStorage } from './ports.js';

/** Where the figures come from. */
export interface EnsembleReportInputs {
  readonly options: EnsembleOptions;
  readonly storage: ReplicaStorage;
  readonly state: ReplicaState;
  readonly committedZxid: Zxid;
  readonly pendingSyncs: number;
  readonly learners: Iterable<OpenLink>;
}

/** What a member that serves, or does not, is called. */
export function modeOf({ doing }: ReplicaState, isServing: boolean): MemberMode {
  if (!isServing) return 'looking';
  if (doing === 'looking') return 'read-only';
  if (doing === 'leading') return 'leader';
  return doing === 'observing' ? 'observer' : 'follower';
}

/** A member's place in its ensemble at this moment. */
export function ensembleStatusOf(inputs: EnsembleReportInputs): EnsembleStatus {
  const { committedZxid, learners, options, pendingSyncs, state, storage } = inputs;
  const loggedZxid = storage.log.lastZxid;
  return {
    serverId: options.serverId,
    state,
    quorumSize: options.participants.length,
    committedZxid,
    loggedZxid,
    acceptedEpoch: storage.acceptedEpoch,
    currentEpoch: storage.currentEpoch,
    pendingSyncs,
    learners: state.doing === 'leading' ? Array.from(learners, (link) => learnerStatusOf(link, loggedZxid)) : [],
  };
}

function learnerStatusOf({ ackedZxid, info, isSynced, peer }: OpenLink, loggedZxid: Zxid): LearnerStatus {
  const logged = counterOf(loggedZxid);
  const isSameEpoch = epochOf(ackedZxid) === epochOf(loggedZxid);
  return {
    serverId: info?.learner?.serverId,
    remote: peer.remote,
    role: info?.kind === 'observer-info' ? 'observer' : 'follower',
    isSynced,
    ackedZxid,
    lag: isSameEpoch ? Math.max(0, logged - counterOf(ackedZxid)) : logged,
    unsentBytes: peer.unsentBytes,
  };
}
