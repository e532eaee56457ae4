/** The bytes of every request body, field by field. */
import { FieldWriter, type StringField } from './bytes.js';
import { Flag, Op, Perm } from './op-codes.js';

/** One entry of an access list. */
export interface AclEntry {
  readonly perms: number;
  readonly scheme: StringField;
  readonly id: StringField;
}

/** What clients call the open, unsafe list. */
export const OPEN: readonly AclEntry[] = [{ perms: Perm.all, scheme: 'world', id: 'anyone' }];

/** Fields of the create requests that a test may leave out. */
export interface CreateFields {
  readonly data?: StringField;
  readonly acl?: readonly AclEntry[] | null;
  readonly flags?: number;
  readonly ttl?: bigint;
}

/** Watches as a reconnecting client lists them. */
export interface WatchLists {
  readonly data?: readonly StringField[] | null;
  readonly exist?: readonly StringField[] | null;
  readonly child?: readonly StringField[] | null;
  readonly persistent?: readonly StringField[] | null;
  readonly recursive?: readonly StringField[] | null;
}

/** One operation inside a multi: its type, and the body that follows the header. */
export interface MultiOp {
  readonly type: number;
  readonly body: Buffer;
}

const writer = (): FieldWriter => new FieldWriter();

export function acl(target: FieldWriter, entries: readonly AclEntry[] | null): FieldWriter {
  return target.vector(entries, (entry) => target.int(entry.perms).string(entry.scheme).string(entry.id));
}

export function create(path: StringField, fields: CreateFields = {}): Buffer {
  const { data = '', acl: entries = OPEN, flags = Flag.persistent } = fields;
  return acl(writer().string(path).buffer(data), entries).int(flags).toBuffer();
}

export function createTtl(path: StringField, fields: CreateFields = {}): Buffer {
  return Buffer.concat([
    create(path, { flags: Flag.ttl, ...fields }),
    writer()
      .long(fields.ttl ?? 60_000n)
      .toBuffer(),
  ]);
}

/** The body of delete, check: a path and a version. */
export function versioned(path: StringField, version = -1): Buffer {
  return writer().string(path).int(version).toBuffer();
}

/** The body of exists, getData, getChildren, getChildren2: a path and whether to watch. */
export function watching(path: StringField, watch: boolean | number = false): Buffer {
  return writer().string(path).bool(watch).toBuffer();
}

/** The body of getACL, sync, getEphemerals, getAllChildrenNumber: a path alone. */
export function pathOnly(path: StringField): Buffer {
  return writer().string(path).toBuffer();
}

export function setData(path: StringField, data: StringField, version = -1): Buffer {
  return writer().string(path).buffer(data).int(version).toBuffer();
}

export function setAcl(path: StringField, entries: readonly AclEntry[] | null, version = -1): Buffer {
  return acl(writer().string(path), entries).int(version).toBuffer();
}

/** The body of addWatch, removeWatches, checkWatches: a path and a mode or type. */
export function watchTyped(path: StringField, type: number): Buffer {
  return writer().string(path).int(type).toBuffer();
}

export function auth(scheme: StringField, credentials: StringField, type = 0): Buffer {
  return writer().int(type).string(scheme).buffer(credentials).toBuffer();
}

export function setWatches(lastZxid: bigint, lists: WatchLists): Buffer {
  return writer()
    .long(lastZxid)
    .strings(lists.data === undefined ? [] : lists.data)
    .strings(lists.exist === undefined ? [] : lists.exist)
    .strings(lists.child === undefined ? [] : lists.child)
    .toBuffer();
}

export function setWatches2(lastZxid: bigint, lists: WatchLists): Buffer {
  const tail = writer()
    .strings(lists.persistent === undefined ? [] : lists.persistent)
    .strings(lists.recursive === undefined ? [] : lists.recursive);
  return Buffer.concat([setWatches(lastZxid, lists), tail.toBuffer()]);
}

export function reconfig(
  joining: StringField,
  leaving: StringField,
  members: StringField,
  configId: bigint = -1n,
): Buffer {
  return writer().string(joining).string(leaving).string(members).long(configId).toBuffer();
}

/** The header before each operation of a multi and after the last. */
export function multiHeader(type: number, done: boolean, error: number): Buffer {
  return writer().int(type).bool(done).int(error).toBuffer();
}

/** The body of multi and multiRead. */
export function multi(ops: readonly MultiOp[]): Buffer {
  return Buffer.concat([...ops.flatMap((op) => [multiHeader(op.type, false, -1), op.body]), multiHeader(-1, true, -1)]);
}

/** Operations as they stand inside a multi. */
export const op = {
  create: (path: StringField, fields?: CreateFields): MultiOp => ({ type: Op.create, body: create(path, fields) }),
  create2: (path: StringField, fields?: CreateFields): MultiOp => ({ type: Op.create2, body: create(path, fields) }),
  createContainer: (path: StringField, fields?: CreateFields): MultiOp => ({
    type: Op.createContainer,
    body: create(path, { flags: Flag.container, ...fields }),
  }),
  createTtl: (path: StringField, fields?: CreateFields): MultiOp => ({
    type: Op.createTtl,
    body: createTtl(path, fields),
  }),
  delete: (path: StringField, version?: number): MultiOp => ({ type: Op.delete, body: versioned(path, version) }),
  check: (path: StringField, version?: number): MultiOp => ({ type: Op.check, body: versioned(path, version) }),
  setData: (path: StringField, data: StringField, version?: number): MultiOp => ({
    type: Op.setData,
    body: setData(path, data, version),
  }),
  getData: (path: StringField, watch?: boolean): MultiOp => ({ type: Op.getData, body: watching(path, watch) }),
  getChildren: (path: StringField, watch?: boolean): MultiOp => ({ type: Op.getChildren, body: watching(path, watch) }),
};

/** A request frame's body: xid, type and what follows. */
export function request(xid: number, type: number, body: Uint8Array = Buffer.alloc(0)): Buffer {
  return writer().int(xid).int(type).bytes(body).toBuffer();
}

/** Fields of the handshake; a client before 3.4 sends no read-only byte. */
export interface HandshakeFields {
  readonly protocolVersion?: number;
  readonly lastZxidSeen?: bigint;
  readonly timeoutMs?: number;
  readonly sessionId?: bigint;
  readonly password?: Buffer | null;
  readonly readOnly?: boolean | 'absent';
}

export function handshake(fields: HandshakeFields = {}): Buffer {
  const target = writer()
    .int(fields.protocolVersion ?? 0)
    .long(fields.lastZxidSeen ?? 0n)
    .int(fields.timeoutMs ?? 30_000)
    .long(fields.sessionId ?? 0n)
    .buffer(fields.password === undefined ? Buffer.alloc(16) : fields.password);
  const readOnly = fields.readOnly ?? false;
  return (readOnly === 'absent' ? target : target.bool(readOnly)).toBuffer();
}
