export type {
  AppendEffect,
  CloseEffect,
  CommitEffect,
  ConnectEffect,
  DeliverEffect,
  Effect,
  HaltEffect,
  NotifyEffect,
  PassedMessage,
  ReceiveSnapshotEffect,
  SendEffect,
  StateEffect,
  StoreEpochsEffect,
  SynchronizeEffect,
  TruncateEffect,
} from './effects.js';
export type { ElectionHello, Notification, PeerAddress, PeerState, Vote } from './election-messages.js';
export type { Epochs, History } from './history.js';
export type { LinkId } from './link.js';
export {
  type AckEpochMessage,
  type AckMessage,
  type CommitAndActivateMessage,
  type CommitMessage,
  Features,
  type InformAndActivateMessage,
  type InformMessage,
  type LeaderInfoMessage,
  type LearnerInfo,
  type LearnerInfoMessage,
  type NewLeaderMessage,
  type PingMessage,
  type ProposalMessage,
  PROTOCOL_VERSION,
  type QuorumMessage,
  type RequestMessage,
  type RevalidatedMessage,
  type RevalidateMessage,
  type SessionTouch,
  type SyncMessage,
  type SyncPlanMessage,
  type UpToDateMessage,
} from './messages.js';
export type { ReplicaOptions, Role } from './options.js';
export { hierarchicalQuorums, majorityQuorums, type QuorumGroup } from './quorum/verifiers.js';
export type { QuorumVerifier } from './quorum/quorum-verifier.js';
export { Replica } from './replica.js';
export type { ReplicaInputs } from './replica-inputs.js';
export type { Phase, ReplicaState } from './replica-state.js';
export type { SyncPlan } from './synchronization/plan-sync.js';
export { type Heartbeat, type Timing, timingOf, type TimingSettings } from './timing.js';
export type { LogEntry, TransactionLog } from './transaction-log.js';
