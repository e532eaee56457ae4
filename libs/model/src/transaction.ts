import type { SessionId, Zxid } from '@corral/primitives';
import type { Acl } from './acl.js';
import type { ErrorCode } from './error-code.js';
import type { OpCode } from './op-code.js';

/*
 * What the leader decided: the changes that every member applies, in zxid order. A transaction cannot fail; all that could
 * refuse it was checked before it got its number. The records are those of ZooKeeper's log and quorum protocol.
 */

/** Who asked for a transaction, and its place in the order. */
export interface TransactionHeader {
  readonly sessionId: SessionId;
  /** The client's own number of the request. */
  readonly cxid: number;
  readonly zxid: Zxid;
  /** The leader's wall clock. */
  readonly timeMs: number;
}

export interface CreateChange {
  readonly type: typeof OpCode.create | typeof OpCode.create2;
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  readonly ephemeral: boolean;
  /** The parent's count of created children, after this one. */
  readonly parentCreates: number;
}

export interface CreateContainerChange {
  readonly type: typeof OpCode.createContainer;
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  readonly parentCreates: number;
}

export interface CreateTtlChange {
  readonly type: typeof OpCode.createTtl;
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  readonly parentCreates: number;
  readonly ttlMs: number;
}

export interface DeleteChange {
  readonly type: typeof OpCode.delete | typeof OpCode.deleteContainer;
  readonly path: string;
}

/** reconfig writes `/zookeeper/config` with the same record. */
export interface SetDataChange {
  readonly type: typeof OpCode.setData | typeof OpCode.reconfig;
  readonly path: string;
  readonly data: Uint8Array | null;
  /** The znode's version afterwards. */
  readonly version: number;
}

export interface SetAclChange {
  readonly type: typeof OpCode.setAcl;
  readonly path: string;
  readonly acl: readonly Acl[];
  /** The znode's ACL version afterwards. */
  readonly version: number;
}

/** A check that held, kept in a multi so that its results line up with its operations. */
export interface CheckChange {
  readonly type: typeof OpCode.check;
  readonly path: string;
  readonly version: number;
}

export interface CreateSessionChange {
  readonly type: typeof OpCode.createSession;
  readonly timeoutMs: number;
}

export interface CloseSessionChange {
  readonly type: typeof OpCode.closeSession;
  /** The session's ephemerals; null in logs of old versions, where the tree's own list is what goes. */
  readonly paths: readonly string[] | null;
}

/** A refused request that took a place in the order. Corral does not write them; Apache's logs hold them. */
export interface ErrorChange {
  readonly type: typeof OpCode.error;
  readonly code: ErrorCode;
}

/** A change of one znode: what a multi is made of. */
export type NodeChange =
  | CreateChange
  | CreateContainerChange
  | CreateTtlChange
  | DeleteChange
  | SetDataChange
  | SetAclChange
  | CheckChange
  | ErrorChange;

export interface MultiChange {
  readonly type: typeof OpCode.multi;
  readonly changes: readonly NodeChange[];
}

/** What a transaction does. */
export type Change = NodeChange | MultiChange | CreateSessionChange | CloseSessionChange;

/** A numbered change. */
export interface Transaction {
  readonly header: TransactionHeader;
  readonly change: Change;
}
