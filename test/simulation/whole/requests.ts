import type { SessionId, Zxid } from '@corral/primitives';
import { CreateFlag, OPEN_ACL, OpCode, type Stat } from '@corral/model';
import {
  type MultiResult,
  operationCodecs,
  type RecordCodec,
  type RecordReader,
  RecordWriter,
  writeConnectRequest,
} from '@corral/wire';

/** A single write, in a multi or alone. */
export type Write =
  | { readonly kind: 'create'; readonly path: string; readonly data: string; readonly flags: number }
  | { readonly kind: 'delete'; readonly path: string; readonly version: number }
  | { readonly kind: 'setData'; readonly path: string; readonly data: string; readonly version: number };

/** A part of a multi. */
export type MultiPart = Write | { readonly kind: 'check'; readonly path: string; readonly version: number };

/** What clients of the simulation ask. */
export type Request =
  | Write
  | { readonly kind: 'multi'; readonly parts: readonly MultiPart[] }
  | { readonly kind: 'getData' | 'exists' | 'getChildren2'; readonly path: string; readonly watch: boolean }
  | { readonly kind: 'sync'; readonly path: string }
  | { readonly kind: 'ping' }
  | { readonly kind: 'closeSession' }
  | {
      readonly kind: 'setWatches';
      readonly relativeZxid: Zxid;
      readonly dataWatches: readonly string[];
      readonly existWatches: readonly string[];
      readonly childWatches: readonly string[];
    };

/** The header of an answer, and its body as far as the operation has one. */
export interface Answer {
  readonly xid: number;
  readonly zxid: Zxid;
  readonly code: number;
  readonly body: unknown;
}

const PING_XID = -2;
const SET_WATCHES_XID = -8;

/** The xid that clients use for a request: their next number, save where the protocol has one of its own. */
export function xidOf(request: Request, nextXid: () => number): number {
  if (request.kind === 'ping') return PING_XID;
  return request.kind === 'setWatches' ? SET_WATCHES_XID : nextXid();
}

function bodyOf(request: Request): unknown {
  switch (request.kind) {
    case 'create':
      return { path: request.path, data: Buffer.from(request.data), acl: OPEN_ACL, flags: request.flags };
    case 'setData':
      return { ...request, data: Buffer.from(request.data) };
    case 'multi':
      return request.parts.map((part) => ({ type: OpCode[part.kind], ...(bodyOf(part as Request) as object) }));
    case 'setWatches':
      return { ...request, persistentWatches: [], persistentRecursiveWatches: [] };
    default:
      return request;
  }
}

/** A request with its length, as it goes over the wire. */
export function requestFrame(xid: number, request: Request): Buffer {
  return frame((writer) => {
    writer.writeInt(xid);
    writer.writeInt(OpCode[request.kind]);
    const codec: RecordCodec | null = operationCodecs[request.kind].request;
    codec?.write(writer, bodyOf(request) as never);
  });
}

/** What a handshake asks for. */
export interface Greeting {
  readonly lastZxidSeen: Zxid;
  readonly timeoutMs: number;
  readonly sessionId: SessionId;
  readonly password: Uint8Array;
}

export function greetingFrame(greeting: Greeting): Buffer {
  return frame((writer) => {
    writeConnectRequest(writer, { protocolVersion: 0, ...greeting, readOnly: false });
  });
}

function frame(write: (writer: RecordWriter) => void): Buffer {
  const writer = new RecordWriter(256);
  const at = writer.beginFrame();
  write(writer);
  writer.endFrame(at);
  return Buffer.from(writer.buffer.subarray(0, writer.length));
}

/** The body of an answer to a request of this kind. */
export function readBody(kind: Request['kind'], reader: RecordReader): unknown {
  const codec: RecordCodec | null = operationCodecs[kind].response;
  return codec === null || reader.remaining === 0 ? undefined : codec.read(reader);
}

/** Whether a request changes something when it is granted. */
export function isWrite(request: Request): request is Write | Extract<Request, { kind: 'multi' }> {
  return ['create', 'delete', 'setData', 'multi'].includes(request.kind);
}

export const isSequential = (flags: number): boolean =>
  flags === CreateFlag.persistentSequential || flags === CreateFlag.ephemeralSequential;

export type { MultiResult };

/** The stat in the body of an answer, or in the result of a part of a multi; nothing where it tells none. */
export function statIn(body: unknown): Stat | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if ('czxid' in body) return body as Stat;
  return 'stat' in body ? (body.stat as Stat) : undefined;
}
