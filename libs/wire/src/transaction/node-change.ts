import { type ErrorCode, type NodeChange, OpCode } from '@corral/model';
import { UnknownTypeError } from '../errors.js';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';
import {
  readCreateChange,
  readCreateContainerChange,
  readCreateTtlChange,
  writeCreateChange,
  writeCreateContainerChange,
  writeCreateTtlChange,
} from './create.js';
import { requireAcl, requirePath } from './required.js';

/** The record of a change of one znode, without its type. */
export function writeNodeChange(writer: RecordWriter, change: NodeChange): void {
  switch (change.type) {
    case OpCode.setData:
    case OpCode.reconfig:
      writer.writeString(change.path);
      writer.writeBuffer(change.data);
      return writer.writeInt(change.version);
    case OpCode.create:
    case OpCode.create2:
      return writeCreateChange(writer, change);
    case OpCode.delete:
    case OpCode.deleteContainer:
      return writer.writeString(change.path);
    case OpCode.createContainer:
      return writeCreateContainerChange(writer, change);
    case OpCode.createTtl:
      return writeCreateTtlChange(writer, change);
    case OpCode.setAcl:
      writer.writeString(change.path);
      writer.writeAcl(change.acl);
      return writer.writeInt(change.version);
    case OpCode.check:
      writer.writeString(change.path);
      return writer.writeInt(change.version);
    case OpCode.error:
      return writer.writeInt(change.code);
  }
}

/** The record of a change of that type. @throws UnknownTypeError when there is none; `at` is where the type stands. */
export function readNodeChange(reader: RecordReader, type: number, at: number): NodeChange {
  switch (type) {
    case OpCode.create:
    case OpCode.create2:
      return readCreateChange(reader, type);
    case OpCode.createContainer:
      return readCreateContainerChange(reader);
    case OpCode.createTtl:
      return readCreateTtlChange(reader);
    case OpCode.delete:
    case OpCode.deleteContainer:
      return { type, path: requirePath(reader) };
    case OpCode.setData:
    case OpCode.reconfig:
      return { type, path: requirePath(reader), data: reader.readBuffer(), version: reader.readInt() };
    case OpCode.setAcl:
      return { type, path: requirePath(reader), acl: requireAcl(reader), version: reader.readInt() };
    case OpCode.check:
      return { type, path: requirePath(reader), version: reader.readInt() };
    case OpCode.error:
      return { type, code: reader.readInt() as ErrorCode };
    default:
      throw new UnknownTypeError('transaction type', at, type);
  }
}
