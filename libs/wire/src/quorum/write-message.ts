import type { QuorumMessage, RequestMessage, SyncPlanMessage } from '@corral/zab';
import type { RecordWriter } from '../record-writer.js';
import { writeLearnerInfo } from './learner-info.js';
import { PacketType, writeIdentities } from './packet.js';

/** Where the zxid of a packet means nothing, ZooKeeper writes this, save in a sync, which has 0. */
const NO_ZXID = -1;

/** Stands for an epoch that was accepted before. */
const NO_EPOCH = -1;

/** Appends the message as a packet. */
export function writeQuorumMessage(writer: RecordWriter, message: QuorumMessage): void {
  switch (message.kind) {
    case 'proposal':
      return writePacket(writer, PacketType.proposal, message.zxid, message.transaction);
    case 'ack':
      return writePacket(writer, PacketType.ack, message.zxid, null);
    case 'commit':
      return writePacket(writer, PacketType.commit, message.zxid, null);
    case 'inform':
      return writePacket(writer, PacketType.inform, message.zxid, message.transaction);
    case 'ping':
      return writePing(writer, message.zxid, message.touches);
    case 'revalidate':
    case 'revalidated':
      return writeRevalidate(writer, message);
    case 'request':
      return writeRequest(writer, message);
    case 'sync':
      return writePacket(writer, PacketType.sync, 0, null);
    case 'commit-and-activate':
    case 'inform-and-activate':
      return writeActivate(writer, message);
    default:
      return writeDiscoveryMessage(writer, message);
  }
}

/** The messages that come before the learner serves. */
type DiscoveryMessage = Extract<
  QuorumMessage,
  {
    kind:
      | 'follower-info'
      | 'observer-info'
      | 'leader-info'
      | 'ack-epoch'
      | 'diff'
      | 'trunc'
      | 'snap'
      | 'new-leader'
      | 'up-to-date';
  }
>;

function writeDiscoveryMessage(writer: RecordWriter, message: DiscoveryMessage): void {
  switch (message.kind) {
    case 'follower-info':
    case 'observer-info': {
      const { learner } = message;
      const type = message.kind === 'follower-info' ? PacketType.followerInfo : PacketType.observerInfo;
      if (learner === null) return writePacket(writer, type, message.acceptedZxid, null);
      return writeWithData(writer, type, message.acceptedZxid, () => writeLearnerInfo(writer, learner));
    }
    case 'leader-info':
      return writeWithData(writer, PacketType.leaderInfo, message.epochZxid, () => {
        writer.writeInt(message.protocolVersion);
        if (message.features !== undefined) writer.writeInt(message.features);
      });
    case 'ack-epoch':
      return writeWithData(writer, PacketType.ackEpoch, message.lastZxid, () => {
        writer.writeInt(message.currentEpoch ?? NO_EPOCH);
      });
    case 'diff':
    case 'trunc':
    case 'snap':
      return writeSyncPlan(writer, message);
    case 'new-leader':
      return writePacket(writer, PacketType.newLeader, message.epochZxid, message.config);
    case 'up-to-date':
      return writePacket(writer, PacketType.upToDate, NO_ZXID, null);
  }
}

function writeSyncPlan(writer: RecordWriter, { kind, zxid, fingerprint }: SyncPlanMessage): void {
  if (fingerprint === undefined) return writePacket(writer, PacketType[kind], zxid, null);
  writeWithData(writer, PacketType[kind], zxid, () => {
    writer.writeInt(fingerprint);
  });
}

function writePacket(writer: RecordWriter, type: number, zxid: number, data: Uint8Array | null): void {
  writer.writeInt(type);
  writer.writeLong(zxid);
  writer.writeBuffer(data);
  writer.writeInt(-1);
}

function writeWithData(writer: RecordWriter, type: number, zxid: number, writeData: () => void): void {
  const at = beginPacket(writer, type, zxid);
  writeData();
  writer.endFrame(at);
  writer.writeInt(-1);
}

function beginPacket(writer: RecordWriter, type: number, zxid: number): number {
  writer.writeInt(type);
  writer.writeLong(zxid);
  return writer.beginFrame();
}

type Message<Kind extends QuorumMessage['kind']> = Extract<QuorumMessage, { kind: Kind }>;

function writePing(writer: RecordWriter, zxid: number, touches: Message<'ping'>['touches']): void {
  if (touches === null) return writePacket(writer, PacketType.ping, zxid, null);
  writeWithData(writer, PacketType.ping, zxid, () => {
    for (const touch of touches) {
      writer.writeLongBig(touch.sessionId);
      writer.writeInt(touch.timeoutMs);
    }
  });
}

function writeRevalidate(writer: RecordWriter, message: Message<'revalidate'> | Message<'revalidated'>): void {
  writeWithData(writer, PacketType.revalidate, NO_ZXID, () => {
    writer.writeLongBig(message.sessionId);
    if (message.kind === 'revalidate') writer.writeInt(message.timeoutMs);
    else writer.writeBool(message.valid);
  });
}

function writeRequest(writer: RecordWriter, message: RequestMessage): void {
  const at = beginPacket(writer, PacketType.request, NO_ZXID);
  writer.writeLongBig(message.sessionId);
  writer.writeInt(message.cxid);
  writer.writeInt(message.type);
  writer.writeBytes(message.request, 0, message.request.length);
  writer.endFrame(at);
  writeIdentities(writer, message.identities);
}

function writeActivate(
  writer: RecordWriter,
  message: Message<'commit-and-activate'> | Message<'inform-and-activate'>,
): void {
  const isCommit = message.kind === 'commit-and-activate';
  const type = isCommit ? PacketType.commitAndActivate : PacketType.informAndActivate;
  writeWithData(writer, type, message.zxid, () => {
    writer.writeLong(message.designatedLeader);
    if (!isCommit) writer.writeBytes(message.transaction, 0, message.transaction.length);
  });
}
