import type { Zxid } from '@corral/primitives';
import type { Acl } from './acl.js';
import type { OpCode } from './op-code.js';

/*
 * What a client can ask, one type per record of the protocol. Strings and buffers may be null, as they may on the wire;
 * who decides about a request says what a null means there.
 */

/** The first frame of every connection. */
export interface ConnectRequest {
  readonly protocolVersion: number;
  /** The newest transaction that the client has seen; a member that is behind it must not serve the client. */
  readonly lastZxidSeen: Zxid;
  readonly timeoutMs: number;
  /** 0 for a new session. */
  readonly sessionId: bigint;
  readonly password: Uint8Array | null;
  /** Whether the client accepts a read-only member; old clients do not send the field, and then expect none in the reply. */
  readonly readOnly: boolean | undefined;
}

/** The answer to it. A timeout of 0 tells the client that its session is gone. */
export interface ConnectResponse {
  readonly protocolVersion: number;
  readonly timeoutMs: number;
  readonly sessionId: bigint;
  readonly password: Uint8Array;
  readonly readOnly: boolean | undefined;
}

/** create, create2 and createContainer. */
export interface CreateRequest {
  readonly path: string | null;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[] | null;
  readonly flags: number;
}

export interface CreateTtlRequest extends CreateRequest {
  readonly ttlMs: number;
}

/** delete; also deleteContainer, without the version. */
export interface DeleteRequest {
  readonly path: string | null;
  readonly version: number;
}

export interface SetDataRequest {
  readonly path: string | null;
  readonly data: Uint8Array | null;
  readonly version: number;
}

export interface SetAclRequest {
  readonly path: string | null;
  readonly acl: readonly Acl[] | null;
  readonly version: number;
}

export interface CheckVersionRequest {
  readonly path: string | null;
  readonly version: number;
}

/** exists, getData, getChildren and getChildren2. */
export interface PathWatchRequest {
  readonly path: string | null;
  readonly watch: boolean;
}

/** getACL, sync, getEphemerals (a prefix), getAllChildrenNumber. */
export interface PathRequest {
  readonly path: string | null;
}

export interface AuthRequest {
  readonly type: number;
  readonly scheme: string | null;
  readonly auth: Uint8Array | null;
}

/** setWatches has the first three lists, setWatches2 all five. */
export interface SetWatchesRequest {
  readonly relativeZxid: Zxid;
  readonly dataWatches: readonly string[];
  readonly existWatches: readonly string[];
  readonly childWatches: readonly string[];
  readonly persistentWatches: readonly string[];
  readonly persistentRecursiveWatches: readonly string[];
}

export interface AddWatchRequest {
  readonly path: string | null;
  readonly mode: number;
}

/** removeWatches and checkWatches. */
export interface WatchesRequest {
  readonly path: string | null;
  readonly type: number;
}

export interface ReconfigRequest {
  readonly joiningServers: string | null;
  readonly leavingServers: string | null;
  readonly newMembers: string | null;
  readonly curConfigId: bigint;
}

/** One operation inside a multi. */
export type MultiOperation =
  | ({ readonly type: typeof OpCode.create | typeof OpCode.create2 | typeof OpCode.createContainer } & CreateRequest)
  | ({ readonly type: typeof OpCode.createTtl } & CreateTtlRequest)
  | ({ readonly type: typeof OpCode.delete } & DeleteRequest)
  | ({ readonly type: typeof OpCode.setData } & SetDataRequest)
  | ({ readonly type: typeof OpCode.check } & CheckVersionRequest);

/** One operation inside a multiRead. */
export type MultiReadOperation = {
  readonly type: typeof OpCode.getData | typeof OpCode.getChildren;
} & PathWatchRequest;
