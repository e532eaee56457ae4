import { type Change, ErrorCode, OpCode } from '@corral/model';
import {
  readCheckRequest,
  readCreateRequest,
  readCreateTtlRequest,
  readDeleteRequest,
  readMultiRequest,
  readReconfigRequest,
  readSetAclRequest,
  readSetDataRequest,
  type RecordReader,
} from '@corral/wire';
import {
  prepareCheck,
  type PrepareContext,
  prepareCreate,
  prepareDelete,
  prepareMulti,
  prepareSetAcl,
  prepareSetData,
  type Requester,
} from '@corral/znode';

/** What was decided about a write: a change to propose, an error, or the errors of a multi's parts. */
export type Decision = Change | ErrorCode | readonly ErrorCode[];

/** Whether a request of this type takes its place among the writes. */
export function isWrite(type: number): boolean {
  switch (type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
    case OpCode.createTtl:
    case OpCode.delete:
    case OpCode.deleteContainer:
    case OpCode.setData:
    case OpCode.setAcl:
    case OpCode.check:
    case OpCode.multi:
    case OpCode.reconfig:
    case OpCode.sync:
      return true;
    default:
      return false;
  }
}

/** Decodes a write and decides about it. @throws MalformedRecordError */
export function decideWrite(
  context: PrepareContext,
  type: number,
  reader: RecordReader,
  requester: Requester,
): Decision {
  switch (type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
      return prepareCreate(context, type, readCreateRequest(reader), requester);
    case OpCode.createTtl:
      return prepareCreate(context, type, readCreateTtlRequest(reader), requester);
    case OpCode.delete:
      return prepareDelete(context, readDeleteRequest(reader), requester);
    case OpCode.setData:
      return prepareSetData(context, readSetDataRequest(reader), requester);
    case OpCode.setAcl:
      return prepareSetAcl(context, readSetAclRequest(reader), requester);
    case OpCode.check:
      return decideCheck(context, reader, requester);
    case OpCode.multi:
      return decideMulti(context, reader, requester);
    case OpCode.reconfig:
      readReconfigRequest(reader);
      return ErrorCode.reconfigDisabled;
    default:
      // deleteContainer is the server's own request; ZooKeeper answers a client that sends it with this error.
      return ErrorCode.badArguments;
  }
}

/** A check by itself changes nothing and is not logged: ZooKeeper cannot load a log that holds one outside a multi. */
function decideCheck(context: PrepareContext, reader: RecordReader, requester: Requester): Decision {
  const verdict = prepareCheck(context, readCheckRequest(reader), requester);
  return typeof verdict === 'number' ? verdict : ErrorCode.ok;
}

function decideMulti(context: PrepareContext, reader: RecordReader, requester: Requester): Decision {
  const verdict = prepareMulti(context, readMultiRequest(reader), requester);
  return verdict.ok ? verdict.change : verdict.codes;
}
