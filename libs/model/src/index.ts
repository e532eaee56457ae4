export { type Acl, type Identity, OPEN_ACL, Perms, READ_ACL } from './acl.js';
export { CreateFlag, type CreateMode, createModeOf, createTypeInMulti } from './create-mode.js';
export {
  CONTAINER_OWNER,
  type Ownership,
  ownershipOf,
  SERVER_ID_MAX,
  TTL_MS_MAX,
  ttlOwner,
} from './ephemeral-owner.js';
export { ErrorCode } from './error-code.js';
export { OpCode } from './op-code.js';
export * from './path.js';
export type * from './requests.js';
export type { Stat } from './stat.js';
export type * from './transaction.js';
export { AddWatchMode, EventType, KeeperState, WatcherType } from './watch.js';
