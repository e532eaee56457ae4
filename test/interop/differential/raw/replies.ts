/** Decodes replies into plain values keyed by field; bytes left over are a field as well. */
import { FieldReader } from './bytes.js';
import { errorName, Op } from './op-codes.js';

/** A decoded record. Zxids, times and session ids are bigints; the transcript replaces them by what they relate to. */
export type Fields = Record<string, unknown>;

/** The fields of a reply. */
export interface Reply {
  readonly kind: 'reply';
  readonly xid: number;
  readonly zxid: bigint;
  readonly error: number;
  readonly body: Fields;
}

/** The fields of a watch notification. */
export interface WatchEvent {
  readonly kind: 'event';
  readonly zxid: bigint;
  readonly type: string;
  readonly state: number;
  readonly path: string | null;
}

const EVENT_TYPES: Readonly<Record<number, string>> = {
  [-1]: 'None',
  1: 'NodeCreated',
  2: 'NodeDeleted',
  3: 'NodeDataChanged',
  4: 'NodeChildrenChanged',
  5: 'DataWatchRemoved',
  6: 'ChildWatchRemoved',
  7: 'PersistentWatchRemoved',
};

/** Data as a person reads it: text when it is plain ASCII, hexadecimal otherwise, null apart from empty. */
export function readable(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  return /^[\x20-\x7e]*$/.test(bytes.toString('latin1')) ? bytes.toString('latin1') : `0x${bytes.toString('hex')}`;
}

export function readStat(reader: FieldReader): Fields {
  return {
    czxid: reader.long(),
    mzxid: reader.long(),
    ctime: reader.long(),
    mtime: reader.long(),
    version: reader.int(),
    cversion: reader.int(),
    aversion: reader.int(),
    ephemeralOwner: reader.long(),
    dataLength: reader.int(),
    numChildren: reader.int(),
    pzxid: reader.long(),
  };
}

function readAcl(reader: FieldReader): unknown {
  return reader.vector(() => ({ perms: reader.int(), scheme: reader.string(), id: reader.string() }));
}

/** Names come in the order of a Java hash set, which is not part of the protocol; so do the identities of whoAmI. */
function readNames(reader: FieldReader): unknown {
  return reader.vector(() => reader.string())?.sort() ?? null;
}

function readMultiResults(reader: FieldReader): unknown[] {
  const results: unknown[] = [];
  for (;;) {
    const type = reader.int();
    const done = reader.byte() !== 0;
    const error = errorName(reader.int());
    const header = { type, error };
    if (done) return [...results, { done, ...header }];
    if (type === Op.error) results.push({ ...header, resultError: errorName(reader.int()) });
    else results.push({ ...header, ...readBody(type, reader) });
  }
}

type BodyReader = (reader: FieldReader) => Fields;

const statOnly: BodyReader = (reader) => ({ stat: readStat(reader) });
const nothing: BodyReader = () => ({});
const pathAndStat: BodyReader = (reader) => ({ path: reader.string(), stat: readStat(reader) });

const BODIES: Readonly<Record<number, BodyReader>> = {
  [Op.create]: (reader) => ({ path: reader.string() }),
  [Op.create2]: pathAndStat,
  [Op.createContainer]: pathAndStat,
  [Op.createTtl]: pathAndStat,
  [Op.exists]: statOnly,
  [Op.setData]: statOnly,
  [Op.setAcl]: statOnly,
  [Op.getData]: (reader) => ({ data: readable(reader.buffer()), stat: readStat(reader) }),
  [Op.getAcl]: (reader) => ({ acl: readAcl(reader), stat: readStat(reader) }),
  [Op.getChildren]: (reader) => ({ children: readNames(reader) }),
  [Op.getChildren2]: (reader) => ({ children: readNames(reader), stat: readStat(reader) }),
  [Op.getEphemerals]: (reader) => ({ ephemerals: readNames(reader) }),
  [Op.getAllChildrenNumber]: (reader) => ({ totalNumber: reader.int() }),
  [Op.sync]: (reader) => ({ path: reader.string() }),
  [Op.multi]: (reader) => ({ results: readMultiResults(reader) }),
  [Op.multiRead]: (reader) => ({ results: readMultiResults(reader) }),
  [Op.addWatch]: (reader) => ({ err: reader.int() }),
  [Op.whoAmI]: (reader) => ({
    clientInfo: reader.vector(() => `${reader.string()}:${reader.string()}`)?.sort() ?? null,
  }),
  [Op.sasl]: (reader) => ({ token: readable(reader.buffer()) }),
  [Op.reconfig]: (reader) => ({ data: readable(reader.buffer()), stat: readStat(reader) }),
};

function readBody(type: number, reader: FieldReader): Fields {
  return (BODIES[type] ?? nothing)(reader);
}

/** Decodes a frame that answers a request of `type`, or a notification. */
export function decodeFrame(frame: Buffer, typeOf: (xid: number) => number): Reply | WatchEvent {
  const reader = new FieldReader(frame);
  const xid = reader.int();
  const zxid = reader.long();
  const error = reader.int();
  if (xid === -1) {
    const type = reader.int();
    const event = { kind: 'event', zxid, type: EVENT_TYPES[type] ?? String(type), state: reader.int() } as const;
    return { ...event, path: reader.string() };
  }
  const start = reader.rest;
  try {
    const body = start.length === 0 ? {} : readBody(typeOf(xid), reader);
    const trailing = reader.rest.length === 0 ? {} : { trailing: `0x${reader.rest.toString('hex')}` };
    return { kind: 'reply', xid, zxid, error, body: { ...body, ...trailing } };
  } catch (error_) {
    if (!(error_ instanceof RangeError)) throw error_;
    return { kind: 'reply', xid, zxid, error, body: { undecodable: `0x${start.toString('hex')}` } };
  }
}

/** Decodes the answer to a handshake. */
export function decodeHandshake(frame: Buffer): Fields & { sessionId: bigint; password: Buffer | null } {
  const reader = new FieldReader(frame);
  const fields = {
    protocolVersion: reader.int(),
    timeoutMs: reader.int(),
    sessionId: reader.long(),
    password: reader.buffer(),
  };
  const rest = reader.rest;
  return {
    ...fields,
    readOnly: rest.length === 0 ? 'absent' : rest.length === 1 ? rest[0] : `0x${rest.toString('hex')}`,
  };
}
