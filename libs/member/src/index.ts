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
