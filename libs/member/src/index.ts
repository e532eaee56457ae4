export { HistoryGapError } from './history-gap-error.js';
export { Member, type MemberPorts } from './member.js';
export { DEFAULT_MEMBER_OPTIONS, type MemberOptions } from './options.js';
export type { ClientChannel, ClientHandler, Clock, SessionPasswords } from './ports.js';
export { digestOf } from './requests/auth.js';
export type {
  ConnectionStatus,
  LatencySummary,
  MemberMode,
  MemberStatus,
  Metrics,
  SessionStatus,
  StatusSource,
  TrafficCounters,
} from './status.js';
export type { EnsembleStatus, LearnerStatus } from './ensemble/ensemble-status.js';
export { EnsembleMember } from './ensemble/ensemble-member.js';
export type { EnsembleOptions, EnsemblePorts } from './ensemble/options.js';
export type {
  IncomingTree,
  OutgoingTree,
  PeerLink,
  PeerLinkHandler,
  PeerNetwork,
  ReplicaStorage,
} from './ensemble/ports.js';
