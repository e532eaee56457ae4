import type { OpCode } from '@corral/model';
import * as addWatch from './add-watch.js';
import * as auth from './auth.js';
import * as checkWatches from './check-watches.js';
import * as check from './check.js';
import * as createContainer from './create-container.js';
import * as createTtl from './create-ttl.js';
import * as create from './create.js';
import * as create2 from './create2.js';
import * as deleteContainer from './delete-container.js';
import * as remove from './delete.js';
import * as exists from './exists.js';
import * as getAcl from './get-acl.js';
import * as getAllChildrenNumber from './get-all-children-number.js';
import * as getChildren from './get-children.js';
import * as getChildren2 from './get-children2.js';
import * as getData from './get-data.js';
import * as getEphemerals from './get-ephemerals.js';
import * as multiRead from './multi-read.js';
import * as multi from './multi.js';
import * as reconfig from './reconfig.js';
import type { OperationCodec } from './record-codec.js';
import * as removeWatches from './remove-watches.js';
import * as sasl from './sasl.js';
import * as setAcl from './set-acl.js';
import * as setData from './set-data.js';
import * as setWatches from './set-watches.js';
import * as setWatches2 from './set-watches2.js';
import * as sync from './sync.js';
import * as watcherEvent from './watcher-event.js';
import * as whoAmI from './who-am-i.js';

const EMPTY = { request: null, response: null } as const;

/**
 * The bodies of every operation, by the name of its op code; an op code without a row does not compile.
 * For tools, tests and clients: a member calls the functions it needs by name.
 */
export const operationCodecs = {
  /** A watch event: a reply that no request asked for. */
  notification: {
    request: null,
    response: { read: watcherEvent.readWatcherEvent, write: watcherEvent.writeWatcherEvent },
  },
  create: {
    request: { read: create.readCreateRequest, write: create.writeCreateRequest },
    response: { read: create.readCreateResponse, write: create.writeCreateResponse },
  },
  delete: { request: { read: remove.readDeleteRequest, write: remove.writeDeleteRequest }, response: null },
  exists: {
    request: { read: exists.readExistsRequest, write: exists.writeExistsRequest },
    response: { read: exists.readExistsResponse, write: exists.writeExistsResponse },
  },
  getData: {
    request: { read: getData.readGetDataRequest, write: getData.writeGetDataRequest },
    response: { read: getData.readGetDataResponse, write: getData.writeGetDataResponse },
  },
  setData: {
    request: { read: setData.readSetDataRequest, write: setData.writeSetDataRequest },
    response: { read: setData.readSetDataResponse, write: setData.writeSetDataResponse },
  },
  getAcl: {
    request: { read: getAcl.readGetAclRequest, write: getAcl.writeGetAclRequest },
    response: { read: getAcl.readGetAclResponse, write: getAcl.writeGetAclResponse },
  },
  setAcl: {
    request: { read: setAcl.readSetAclRequest, write: setAcl.writeSetAclRequest },
    response: { read: setAcl.readSetAclResponse, write: setAcl.writeSetAclResponse },
  },
  getChildren: {
    request: { read: getChildren.readGetChildrenRequest, write: getChildren.writeGetChildrenRequest },
    response: { read: getChildren.readGetChildrenResponse, write: getChildren.writeGetChildrenResponse },
  },
  sync: {
    request: { read: sync.readSyncRequest, write: sync.writeSyncRequest },
    response: { read: sync.readSyncResponse, write: sync.writeSyncResponse },
  },
  ping: EMPTY,
  getChildren2: {
    request: { read: getChildren2.readGetChildren2Request, write: getChildren2.writeGetChildren2Request },
    response: { read: getChildren2.readGetChildren2Response, write: getChildren2.writeGetChildren2Response },
  },
  check: {
    request: { read: check.readCheckRequest, write: check.writeCheckRequest },
    response: { read: check.readCheckResponse, write: check.writeCheckResponse },
  },
  multi: {
    request: { read: multi.readMultiRequest, write: multi.writeMultiRequest },
    response: { read: multi.readMultiResponse, write: multi.writeMultiResponse },
  },
  create2: {
    request: { read: create2.readCreate2Request, write: create2.writeCreate2Request },
    response: { read: create2.readCreate2Response, write: create2.writeCreate2Response },
  },
  reconfig: {
    request: { read: reconfig.readReconfigRequest, write: reconfig.writeReconfigRequest },
    response: { read: reconfig.readReconfigResponse, write: reconfig.writeReconfigResponse },
  },
  checkWatches: {
    request: { read: checkWatches.readCheckWatchesRequest, write: checkWatches.writeCheckWatchesRequest },
    response: null,
  },
  removeWatches: {
    request: { read: removeWatches.readRemoveWatchesRequest, write: removeWatches.writeRemoveWatchesRequest },
    response: null,
  },
  createContainer: {
    request: { read: createContainer.readCreateContainerRequest, write: createContainer.writeCreateContainerRequest },
    response: {
      read: createContainer.readCreateContainerResponse,
      write: createContainer.writeCreateContainerResponse,
    },
  },
  deleteContainer: {
    request: { read: deleteContainer.readDeleteContainerRequest, write: deleteContainer.writeDeleteContainerRequest },
    response: null,
  },
  createTtl: {
    request: { read: createTtl.readCreateTtlRequest, write: createTtl.writeCreateTtlRequest },
    response: { read: createTtl.readCreateTtlResponse, write: createTtl.writeCreateTtlResponse },
  },
  multiRead: {
    request: { read: multiRead.readMultiReadRequest, write: multiRead.writeMultiReadRequest },
    response: { read: multiRead.readMultiReadResponse, write: multiRead.writeMultiReadResponse },
  },
  auth: { request: { read: auth.readAuthRequest, write: auth.writeAuthRequest }, response: null },
  setWatches: {
    request: { read: setWatches.readSetWatchesRequest, write: setWatches.writeSetWatchesRequest },
    response: null,
  },
  sasl: {
    request: { read: sasl.readSaslRequest, write: sasl.writeSaslRequest },
    response: { read: sasl.readSaslResponse, write: sasl.writeSaslResponse },
  },
  getEphemerals: {
    request: { read: getEphemerals.readGetEphemeralsRequest, write: getEphemerals.writeGetEphemeralsRequest },
    response: { read: getEphemerals.readGetEphemeralsResponse, write: getEphemerals.writeGetEphemeralsResponse },
  },
  getAllChildrenNumber: {
    request: {
      read: getAllChildrenNumber.readGetAllChildrenNumberRequest,
      write: getAllChildrenNumber.writeGetAllChildrenNumberRequest,
    },
    response: {
      read: getAllChildrenNumber.readGetAllChildrenNumberResponse,
      write: getAllChildrenNumber.writeGetAllChildrenNumberResponse,
    },
  },
  setWatches2: {
    request: { read: setWatches2.readSetWatches2Request, write: setWatches2.writeSetWatches2Request },
    response: null,
  },
  addWatch: {
    request: { read: addWatch.readAddWatchRequest, write: addWatch.writeAddWatchRequest },
    response: { read: addWatch.readAddWatchResponse, write: addWatch.writeAddWatchResponse },
  },
  whoAmI: { request: null, response: { read: whoAmI.readWhoAmIResponse, write: whoAmI.writeWhoAmIResponse } },
  /** Sessions open with a connect request, see `connect.ts`; the op code is the transaction's. */
  createSession: EMPTY,
  closeSession: EMPTY,
  /** Stands in transactions and in the results of a multi only. */
  error: EMPTY,
} satisfies Record<keyof typeof OpCode, OperationCodec>;
