import { type CreateChange, type CreateContainerChange, type CreateTtlChange, OpCode } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';
import { requireAcl, requirePath } from './required.js';

/** What ZooKeeper 3.4 and later make of a create from before, which did not count: the tree must count by itself. */
const CREATES_UNKNOWN = -1;

export function writeCreateChange(writer: RecordWriter, change: CreateChange): void {
  writer.writeString(change.path);
  writer.writeBuffer(change.data);
  writer.writeAcl(change.acl);
  writer.writeBool(change.ephemeral);
  writer.writeInt(change.parentCreates);
}

/** The record, which must be the last of its bytes: in old logs its end is missing. */
export function readCreateChange(reader: RecordReader, type: CreateChange['type']): CreateChange {
  const path = requirePath(reader);
  const data = reader.readBuffer();
  const acl = requireAcl(reader);
  const ephemeral = reader.readBool();
  const isOldForm = type === OpCode.create && reader.remaining === 0;
  return { type, path, data, acl, ephemeral, parentCreates: isOldForm ? CREATES_UNKNOWN : reader.readInt() };
}

export function writeCreateContainerChange(writer: RecordWriter, change: CreateContainerChange): void {
  writer.writeString(change.path);
  writer.writeBuffer(change.data);
  writer.writeAcl(change.acl);
  writer.writeInt(change.parentCreates);
}

export function readCreateContainerChange(reader: RecordReader): CreateContainerChange {
  return {
    type: OpCode.createContainer,
    path: requirePath(reader),
    data: reader.readBuffer(),
    acl: requireAcl(reader),
    parentCreates: reader.readInt(),
  };
}

export function writeCreateTtlChange(writer: RecordWriter, change: CreateTtlChange): void {
  writer.writeString(change.path);
  writer.writeBuffer(change.data);
  writer.writeAcl(change.acl);
  writer.writeInt(change.parentCreates);
  writer.writeLong(change.ttlMs);
}

export function readCreateTtlChange(reader: RecordReader): CreateTtlChange {
  return {
    type: OpCode.createTtl,
    path: requirePath(reader),
    data: reader.readBuffer(),
    acl: requireAcl(reader),
    parentCreates: reader.readInt(),
    ttlMs: reader.readLong(),
  };
}
