import type { ServerId, SessionId, Zxid } from '@corral/primitives';
import type { QuorumMessage, SessionTouch, SyncPlanMessage } from '@corral/zab';
import { MalformedRecordError, UnknownTypeError } from '../errors.js';
import { RecordReader } from '../record-reader.js';
import { readLearnerInfo } from './learner-info.js';
import { PacketType, type QuorumPacket, readQuorumPacket } from './packet.js';

/** What a revalidation asks with (session and timeout); the answer has a single byte in the timeout's place. */
const REVALIDATE_REQUEST_SIZE_BYTES = 12;

/** The next message. Bytes in it are views. */
export function readQuorumMessage(reader: RecordReader): QuorumMessage {
  return quorumMessageOf(readQuorumPacket(reader));
}

/** What a packet says. @throws MalformedRecordError when its data is not what its type promises. */
export function quorumMessageOf(packet: QuorumPacket): QuorumMessage {
  const zxid = packet.zxid as Zxid;
  switch (packet.type) {
    case PacketType.proposal:
      return { kind: 'proposal', zxid, transaction: dataOf(packet) };
    case PacketType.ack:
      return { kind: 'ack', zxid };
    case PacketType.commit:
      return { kind: 'commit', zxid };
    case PacketType.inform:
      return { kind: 'inform', zxid, transaction: dataOf(packet) };
    case PacketType.ping:
      return { kind: 'ping', zxid, touches: packet.data === null ? null : readTouches(over(packet.data)) };
    case PacketType.revalidate:
      return readRevalidate(over(dataOf(packet)));
    case PacketType.request:
      return readRequest(over(dataOf(packet)), packet);
    case PacketType.sync:
      return { kind: 'sync' };
    case PacketType.commitAndActivate:
      return { kind: 'commit-and-activate', zxid, designatedLeader: over(dataOf(packet)).readLong() as ServerId };
    case PacketType.informAndActivate:
      return readInformAndActivate(over(dataOf(packet)), zxid);
    default:
      return discoveryMessageOf(packet, zxid);
  }
}

/** What is said before the learner serves. */
function discoveryMessageOf(packet: QuorumPacket, zxid: Zxid): QuorumMessage {
  const { type, data } = packet;
  switch (type) {
    case PacketType.followerInfo:
    case PacketType.observerInfo: {
      const kind = type === PacketType.followerInfo ? 'follower-info' : 'observer-info';
      return { kind, acceptedZxid: zxid, learner: data === null ? null : readLearnerInfo(over(data)) };
    }
    case PacketType.leaderInfo:
      return readLeaderInfo(over(dataOf(packet)), zxid);
    case PacketType.ackEpoch: {
      const epoch = over(dataOf(packet)).readInt();
      return { kind: 'ack-epoch', lastZxid: zxid, currentEpoch: epoch === -1 ? null : epoch };
    }
    case PacketType.diff:
      return readSyncPlan('diff', packet, zxid);
    case PacketType.trunc:
      return readSyncPlan('trunc', packet, zxid);
    case PacketType.snap:
      return readSyncPlan('snap', packet, zxid);
    case PacketType.newLeader:
      return { kind: 'new-leader', epochZxid: zxid, config: data };
    case PacketType.upToDate:
      return { kind: 'up-to-date' };
    default:
      throw new UnknownTypeError('quorum packet', 0, type);
  }
}

/** From Corral, with a fingerprint where it knows one. */
function readSyncPlan(kind: SyncPlanMessage['kind'], { data }: QuorumPacket, zxid: Zxid): QuorumMessage {
  return data?.length === 4 ? { kind, zxid, fingerprint: over(data).readInt() } : { kind, zxid };
}

/** The version; behind it, from Corral, what it can do. */
function readLeaderInfo(reader: RecordReader, epochZxid: Zxid): QuorumMessage {
  const message = { kind: 'leader-info', epochZxid, protocolVersion: reader.readInt() } as const;
  return reader.remaining < 4 ? message : { ...message, features: reader.readInt() };
}

function readTouches(reader: RecordReader): SessionTouch[] {
  const touches: SessionTouch[] = [];
  while (reader.remaining > 0) {
    touches.push({ sessionId: reader.readLongBig() as SessionId, timeoutMs: reader.readInt() });
  }
  return touches;
}

function readRevalidate(reader: RecordReader): QuorumMessage {
  const isRequest = reader.remaining >= REVALIDATE_REQUEST_SIZE_BYTES;
  const sessionId = reader.readLongBig() as SessionId;
  if (isRequest) return { kind: 'revalidate', sessionId, timeoutMs: reader.readInt() };
  return { kind: 'revalidated', sessionId, valid: reader.readBool() };
}

function readRequest(reader: RecordReader, packet: QuorumPacket): QuorumMessage {
  return {
    kind: 'request',
    sessionId: reader.readLongBig() as SessionId,
    cxid: reader.readInt(),
    type: reader.readInt(),
    request: reader.readRest(),
    identities: packet.identities,
  };
}

function readInformAndActivate(reader: RecordReader, zxid: Zxid): QuorumMessage {
  const designatedLeader = reader.readLong() as ServerId;
  return { kind: 'inform-and-activate', zxid, designatedLeader, transaction: reader.readRest() };
}

function dataOf(packet: QuorumPacket): Uint8Array {
  if (packet.data === null) {
    throw new MalformedRecordError(`data of quorum packet ${String(packet.type)}`, 0, 'bytes, not null');
  }
  return packet.data;
}

function over(data: Uint8Array): RecordReader {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.length);
  return new RecordReader().reset(buffer, 0, buffer.length);
}
