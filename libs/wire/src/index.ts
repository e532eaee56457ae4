export { decodeAcl, encodeAcl, isOpenAcl, JuteAclCodec } from './acl-codec.js';
export { FrameLengthError, MalformedRecordError, ProtocolViolationError, UnknownTypeError } from './errors.js';
export { FrameSplitter, type OnFrame } from './frame-splitter.js';
export { RecordReader } from './record-reader.js';
export { RecordWriter } from './record-writer.js';

export * from './client/index.js';
export { readTransaction, writeTransaction } from './transaction/transaction.js';

export * from './election/hello.js';
export * from './election/notification.js';
export { PacketType, type QuorumPacket, readQuorumPacket, writeQuorumPacket } from './quorum/packet.js';
export { quorumMessageOf, readQuorumMessage } from './quorum/read-message.js';
export { writeQuorumMessage } from './quorum/write-message.js';

export { type OnBytes, RecordStream } from './record-stream.js';
export * from './snapshot/persisted-stat.js';
export * from './snapshot/records.js';
export * from './snapshot/write-records.js';
export { SnapshotZnodeView } from './snapshot/znode-view.js';
export { SnapshotDecoder, type SnapshotForm, type SnapshotVisitor } from './snapshot/snapshot-decoder.js';
