/** The requests that the chaos suites send, each a pure function of its arguments. */
import { RecordBuilder, RecordCursor } from './record.js';

/** Op codes, as on the wire. */
export const OpCode = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  ping: 11,
  getChildren: 8,
  sync: 9,
  check: 13,
  multi: 14,
  create2: 15,
  multiRead: 22,
  closeSession: -11,
} as const;

/** Error codes, as on the wire. */
export const ErrorCode = {
  ok: 0,
  runtimeInconsistency: -2,
  noNode: -101,
  badVersion: -103,
  nodeExists: -110,
  sessionExpired: -112,
} as const;

/** Create modes, as on the wire. */
export const CreateMode = { persistent: 0, ephemeral: 1, sequential: 2 } as const;

/** A request without its header. */
export interface Request {
  readonly opCode: number;
  readonly body: Buffer;
}

/** The fields of a znode's Stat that the suites look at. */
export interface NodeStat {
  readonly czxid: bigint;
  readonly mzxid: bigint;
  readonly version: number;
  readonly cversion: number;
  readonly ephemeralOwner: bigint;
  readonly numChildren: number;
}

const openAcl = (builder: RecordBuilder): RecordBuilder => builder.int(1).int(31).string('world').string('anyone');

/** create: `mode` is one of CreateMode. */
export function create(path: string, data: Uint8Array, mode: number = CreateMode.persistent): Request {
  return { opCode: OpCode.create, body: openAcl(new RecordBuilder().string(path).buffer(data)).int(mode).build() };
}

/** setData; version -1 is any. */
export function setData(path: string, data: Uint8Array, version: number): Request {
  return { opCode: OpCode.setData, body: new RecordBuilder().string(path).buffer(data).int(version).build() };
}

/** delete; version -1 is any. */
export function remove(path: string, version: number): Request {
  return { opCode: OpCode.delete, body: new RecordBuilder().string(path).int(version).build() };
}

/** check: only inside a multi. */
export function check(path: string, version: number): Request {
  return { opCode: OpCode.check, body: new RecordBuilder().string(path).int(version).build() };
}

/** Several requests that take effect together or not at all. */
export function multi(requests: readonly Request[]): Request {
  return { opCode: OpCode.multi, body: multiBody(requests) };
}

/** Several reads with one answer. */
export function multiRead(requests: readonly Request[]): Request {
  return { opCode: OpCode.multiRead, body: multiBody(requests) };
}

function multiBody(requests: readonly Request[]): Buffer {
  const builder = new RecordBuilder();
  for (const { opCode, body } of requests) builder.int(opCode).bool(false).int(-1).raw(body);
  return builder.int(-1).bool(true).int(-1).build();
}

/** getData, with a watch or without. */
export function getData(path: string, watch = false): Request {
  return { opCode: OpCode.getData, body: new RecordBuilder().string(path).bool(watch).build() };
}

/** exists without a watch. */
export function exists(path: string): Request {
  return { opCode: OpCode.exists, body: new RecordBuilder().string(path).bool(false).build() };
}

/** getChildren without a watch. */
export function getChildren(path: string): Request {
  return { opCode: OpCode.getChildren, body: new RecordBuilder().string(path).bool(false).build() };
}

/** sync: what follows sees all that was acknowledged before. */
export function sync(path: string): Request {
  return { opCode: OpCode.sync, body: new RecordBuilder().string(path).build() };
}

/** closeSession. */
export function closeSession(): Request {
  return { opCode: OpCode.closeSession, body: Buffer.alloc(0) };
}

/** The body of the answer to getData. */
export function readData(body: Buffer): { data: Buffer; stat: NodeStat } {
  const cursor = new RecordCursor(body);
  return { data: cursor.buffer() ?? Buffer.alloc(0), stat: readStat(cursor) };
}

/** The body of the answer to getChildren. */
export function readChildren(body: Buffer): string[] {
  return new RecordCursor(body).strings();
}

/** The body of the answer to create. */
export function readCreatedPath(body: Buffer): string {
  return new RecordCursor(body).string();
}

/** The body of the answer to setData. */
export function readSetDataStat(body: Buffer): NodeStat {
  return readStat(new RecordCursor(body));
}

function readStat(cursor: RecordCursor): NodeStat {
  const czxid = cursor.long();
  const mzxid = cursor.long();
  cursor.long();
  cursor.long();
  const version = cursor.int();
  const cversion = cursor.int();
  cursor.int();
  const ephemeralOwner = cursor.long();
  cursor.int();
  const numChildren = cursor.int();
  return { czxid, mzxid, version, cversion, ephemeralOwner, numChildren };
}
