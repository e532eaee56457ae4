import type { Identity } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** The one record of the quorum port. What its data is depends on the type. */
export interface QuorumPacket {
  /** One of `PacketType`, if the sender knows no others. */
  readonly type: number;
  /** -1 where it means nothing. */
  readonly zxid: number;
  /** A view of the bytes that were read. */
  readonly data: Uint8Array | null;
  /** Significant in a request only. */
  readonly identities: readonly Identity[] | null;
}

/** The types of packets. The numbers are ZooKeeper's (`Leader.java`). */
export const PacketType = {
  request: 1,
  proposal: 2,
  ack: 3,
  commit: 4,
  ping: 5,
  revalidate: 6,
  sync: 7,
  inform: 8,
  commitAndActivate: 9,
  newLeader: 10,
  followerInfo: 11,
  upToDate: 12,
  diff: 13,
  trunc: 14,
  snap: 15,
  observerInfo: 16,
  leaderInfo: 17,
  ackEpoch: 18,
  informAndActivate: 19,
} as const;

export function readQuorumPacket(reader: RecordReader): QuorumPacket {
  return {
    type: reader.readInt(),
    zxid: reader.readLong(),
    data: reader.readBuffer(),
    identities: readIdentities(reader),
  };
}

function readIdentities(reader: RecordReader): Identity[] | null {
  const count = reader.readInt();
  if (count === -1) return null;
  const identities: Identity[] = [];
  for (let index = 0; index < count; index += 1) {
    const scheme = reader.readIdentityPart();
    identities.push({ scheme, id: reader.readIdentityPart() });
  }
  return identities;
}

/** Writes a packet whose data is at hand. */
export function writeQuorumPacket(writer: RecordWriter, packet: QuorumPacket): void {
  writer.writeInt(packet.type);
  writer.writeLong(packet.zxid);
  writer.writeBuffer(packet.data);
  writeIdentities(writer, packet.identities);
}

export function writeIdentities(writer: RecordWriter, identities: readonly Identity[] | null): void {
  if (identities === null) {
    writer.writeInt(-1);
    return;
  }
  writer.writeInt(identities.length);
  for (const identity of identities) {
    writer.writeString(identity.scheme);
    writer.writeString(identity.id);
  }
}
