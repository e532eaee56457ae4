export { assert, InvariantBrokenError } from './assert.js';
export { readInt32, readLong, writeInt32, writeLong } from './big-endian.js';
export type { LogFields, Logger } from './logger.js';
export {
  COUNTER_MAX,
  counterOf,
  EPOCH_MAX,
  epochOf,
  formatZxid,
  nextZxid,
  type Zxid,
  ZXID_ZERO,
  zxidOf,
} from './zxid.js';
export {
  firstSessionId,
  formatSessionId,
  nextSessionId,
  NO_SESSION,
  type ServerId,
  type SessionId,
  sessionIdOf,
} from './session-id.js';
export { errorCodeOf, systemFaultInWords } from './system-fault.js';
