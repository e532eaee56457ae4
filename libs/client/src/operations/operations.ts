import {
  type Acl,
  type AddWatchRequest,
  type CreateRequest,
  type CreateTtlRequest,
  type DeleteRequest,
  type MultiOperation,
  type MultiReadOperation,
  OpCode,
  type PathRequest,
  type PathWatchRequest,
  type ReconfigRequest,
  type SetAclRequest,
  type SetDataRequest,
  type Stat,
  type WatchesRequest,
} from '@corral/model';
import * as wire from '@corral/wire';
import type { Operation } from '../requests/request.js';

/** What a znode holds. */
export interface Znode {
  readonly data: Buffer;
  readonly stat: Stat;
}

/** A znode's children, sorted by name. */
export interface ChildList {
  readonly children: string[];
  readonly stat: Stat;
}

/** A znode that was created. */
export interface Created {
  /** With its sequence number. */
  readonly path: string;
  readonly stat: Stat;
}

const NO_DATA = Buffer.alloc(0);

/** A copy of the caller's own: what the reader gives is a view of a socket's chunk, which would live as long as the value does. */
export const ownBytes = (view: Uint8Array | null): Buffer =>
  view === null || view.length === 0 ? NO_DATA : Buffer.from(view);

const sorted = (names: readonly string[] | null): string[] => [...(names ?? [])].sort();
const nothing = (): void => undefined;

const readZnode = (reader: wire.RecordReader): Znode => {
  const data = ownBytes(reader.readBuffer());
  return { data, stat: reader.readStat() };
};

const readCreated = (reader: wire.RecordReader): Created => {
  const { path, stat } = wire.readCreate2Response(reader);
  return { path: path ?? '', stat };
};

const repeatable = true;
const { create, delete: delete_ } = OpCode;

export const createPath: Operation<CreateRequest, string> = {
  name: 'create',
  type: create,
  repeatable: false,
  write: wire.writeCreateRequest,
  read: (reader) => wire.readCreateResponse(reader) ?? '',
};

export const create2: Operation<CreateRequest, Created> = {
  name: 'create',
  type: OpCode.create2,
  repeatable: false,
  write: wire.writeCreate2Request,
  read: readCreated,
};

export const createContainer: Operation<CreateRequest, Created> = {
  ...create2,
  type: OpCode.createContainer,
  write: wire.writeCreateContainerRequest,
};

export const createTtl: Operation<CreateTtlRequest, Created> = {
  ...create2,
  type: OpCode.createTtl,
  write: wire.writeCreateTtlRequest,
};

export const deleteZnode: Operation<DeleteRequest, void> = {
  name: 'delete',
  type: delete_,
  repeatable: false,
  write: wire.writeDeleteRequest,
  read: nothing,
};

export const setData: Operation<SetDataRequest, Stat> = {
  name: 'set',
  type: OpCode.setData,
  repeatable: false,
  write: wire.writeSetDataRequest,
  read: wire.readSetDataResponse,
};

export const getData: Operation<PathWatchRequest, Znode> = {
  name: 'get',
  type: OpCode.getData,
  repeatable,
  write: wire.writeGetDataRequest,
  read: readZnode,
};

export const getDataIfAny: Operation<PathWatchRequest, Znode | undefined> = { ...getData, absentIsAnswer: true };

export const exists: Operation<PathWatchRequest, Stat | undefined> = {
  name: 'exists',
  type: OpCode.exists,
  repeatable,
  absentIsAnswer: true,
  write: wire.writeExistsRequest,
  read: wire.readExistsResponse,
};

/** getChildren: for those who want the names alone, it is the shorter answer. */
export const getChildren: Operation<PathWatchRequest, string[]> = {
  name: 'children',
  type: OpCode.getChildren,
  repeatable,
  write: wire.writeGetChildrenRequest,
  read: (reader) => sorted(wire.readGetChildrenResponse(reader)),
};

export const getChildren2: Operation<PathWatchRequest, ChildList> = {
  name: 'children',
  type: OpCode.getChildren2,
  repeatable,
  write: wire.writeGetChildren2Request,
  read: (reader) => {
    const { children, stat } = wire.readGetChildren2Response(reader);
    return { children: sorted(children), stat };
  },
};

export const getChildren2IfAny: Operation<PathWatchRequest, ChildList | undefined> = {
  ...getChildren2,
  absentIsAnswer: true,
};

export const getAcl: Operation<PathRequest, { acl: readonly Acl[]; stat: Stat }> = {
  name: 'getAcl',
  type: OpCode.getAcl,
  repeatable,
  write: wire.writeGetAclRequest,
  read: (reader) => {
    const { acl, stat } = wire.readGetAclResponse(reader);
    return { acl: acl ?? [], stat };
  },
};

export const setAcl: Operation<SetAclRequest, Stat> = {
  name: 'setAcl',
  type: OpCode.setAcl,
  repeatable: false,
  write: wire.writeSetAclRequest,
  read: wire.readSetAclResponse,
};

export const sync: Operation<PathRequest, void> = {
  name: 'sync',
  type: OpCode.sync,
  repeatable,
  write: wire.writeSyncRequest,
  read: nothing,
};

export const multi: Operation<readonly MultiOperation[], wire.MultiResult[]> = {
  name: 'multi',
  type: OpCode.multi,
  repeatable: false,
  write: wire.writeMultiRequest,
  read: wire.readMultiResponse,
};

export const multiRead: Operation<readonly MultiReadOperation[], wire.MultiReadResult[]> = {
  name: 'multiRead',
  type: OpCode.multiRead,
  repeatable,
  write: wire.writeMultiReadRequest,
  read: (reader) =>
    wire.readMultiReadResponse(reader).map((result) => {
      if (result.type === OpCode.getData) return { ...result, data: ownBytes(result.data) };
      return result.type === OpCode.getChildren ? { ...result, children: sorted(result.children) } : result;
    }),
};

export const getEphemerals: Operation<PathRequest, string[]> = {
  name: 'getEphemerals',
  type: OpCode.getEphemerals,
  repeatable,
  write: wire.writeGetEphemeralsRequest,
  read: (reader) => sorted(wire.readGetEphemeralsResponse(reader)),
};

export const getAllChildrenNumber: Operation<PathRequest, number> = {
  name: 'countDescendants',
  type: OpCode.getAllChildrenNumber,
  repeatable,
  write: wire.writeGetAllChildrenNumberRequest,
  read: wire.readGetAllChildrenNumberResponse,
};

/** Setting the same watch twice is setting it once. */
export const addWatch: Operation<AddWatchRequest, void> = {
  name: 'addWatch',
  type: OpCode.addWatch,
  repeatable,
  write: wire.writeAddWatchRequest,
  read: nothing,
};

/** Not repeated: a new connection begins without the watch. */
export const removeWatches: Operation<WatchesRequest, void> = {
  name: 'removeWatches',
  type: OpCode.removeWatches,
  repeatable: false,
  write: wire.writeRemoveWatchesRequest,
  read: nothing,
};

export const whoAmI: Operation<undefined, wire.ClientInfo[]> = {
  name: 'whoAmI',
  type: OpCode.whoAmI,
  repeatable,
  write: null,
  read: (reader) => wire.readWhoAmIResponse(reader) ?? [],
};

export const reconfig: Operation<ReconfigRequest, Znode> = {
  name: 'reconfig',
  type: OpCode.reconfig,
  repeatable: false,
  write: wire.writeReconfigRequest,
  read: readZnode,
};

export const closeSession: Operation<undefined, void> = {
  name: 'close',
  type: OpCode.closeSession,
  repeatable: false,
  write: null,
  read: nothing,
};
