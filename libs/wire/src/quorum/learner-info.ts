import type { ServerId } from '@corral/primitives';
import type { LearnerInfo } from '@corral/zab';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** The data of a follower's or observer's first packet: 8, 12 or 20 bytes, by the learner's version; with Corral's behind them 24. */
export function readLearnerInfo(reader: RecordReader): LearnerInfo {
  const info = {
    serverId: reader.readLong() as ServerId,
    protocolVersion: reader.remaining < 4 ? undefined : reader.readInt(),
    configVersion: reader.remaining < 8 ? undefined : reader.readLong(),
  };
  return reader.remaining < 4 ? info : { ...info, features: reader.readInt() };
}

export function writeLearnerInfo(writer: RecordWriter, info: LearnerInfo): void {
  writer.writeLong(info.serverId);
  if (info.protocolVersion === undefined) return;
  writer.writeInt(info.protocolVersion);
  if (info.configVersion === undefined) return;
  writer.writeLong(info.configVersion);
  if (info.features !== undefined) writer.writeInt(info.features);
}
