export { decodeAcl, encodeAcl, isOpenAcl, JuteAclCodec } from './acl-codec.js';
export { FrameLengthError, MalformedRecordError, ProtocolViolationError, UnknownTypeError } from './errors.js';
export { FrameSplitter, type OnFrame } from './frame-splitter.js';
export { RecordReader } from './record-reader.js';
export { RecordWriter } from './record-writer.js';

export * from './client/index.js';
export { readTransaction, writeTransaction } from './transaction/transaction.js';
