import { type ErrorCode, type MultiOperation, OpCode, type Stat } from '@corral/model';
import { UnknownTypeError } from '../errors.js';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';
import { readCheckRequest, writeCheckRequest } from './check.js';
import { readCreateTtlRequest, writeCreateTtlRequest } from './create-ttl.js';
import { readCreateRequest, writeCreateRequest } from './create.js';
import { readDeleteRequest, writeDeleteRequest } from './delete.js';
import { readMultiHeader, writeMultiEnd, writeMultiHeader } from './multi-header.js';
import { readSetDataRequest, writeSetDataRequest } from './set-data.js';

/** The operations of a multi. @throws UnknownTypeError for one that cannot be in it; ZooKeeper calls that a marshalling error. */
export function readMultiRequest(reader: RecordReader): MultiOperation[] {
  const operations: MultiOperation[] = [];
  for (;;) {
    const at = reader.offset;
    const type = readMultiHeader(reader);
    if (type === undefined) return operations;
    operations.push(readOperation(reader, type, at));
  }
}

function readOperation(reader: RecordReader, type: number, at: number): MultiOperation {
  switch (type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
      return { type, ...readCreateRequest(reader) };
    case OpCode.createTtl:
      return { type, ...readCreateTtlRequest(reader) };
    case OpCode.delete:
      return { type, ...readDeleteRequest(reader) };
    case OpCode.setData:
      return { type, ...readSetDataRequest(reader) };
    case OpCode.check:
      return { type, ...readCheckRequest(reader) };
    default:
      throw new UnknownTypeError('operation in a multi', at, type);
  }
}

export function writeMultiRequest(writer: RecordWriter, operations: readonly MultiOperation[]): void {
  for (const operation of operations) {
    writeMultiHeader(writer, operation.type, -1);
    writeOperation(writer, operation);
  }
  writeMultiEnd(writer);
}

function writeOperation(writer: RecordWriter, operation: MultiOperation): void {
  switch (operation.type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
      return writeCreateRequest(writer, operation);
    case OpCode.createTtl:
      return writeCreateTtlRequest(writer, operation);
    case OpCode.delete:
      return writeDeleteRequest(writer, operation);
    case OpCode.setData:
      return writeSetDataRequest(writer, operation);
    case OpCode.check:
      return writeCheckRequest(writer, operation);
  }
}

/**
 * The result of one operation. createContainer and createTTL answer as create2 does. When the multi failed, all of its results
 * are errors: 0 before the operation that failed, its code, and -2 (runtime inconsistency) after it.
 */
export type MultiResult =
  | { readonly type: typeof OpCode.create; readonly path: string | null }
  | { readonly type: typeof OpCode.create2; readonly path: string | null; readonly stat: Stat }
  | { readonly type: typeof OpCode.delete | typeof OpCode.check }
  | { readonly type: typeof OpCode.setData; readonly stat: Stat }
  | { readonly type: typeof OpCode.error; readonly code: ErrorCode };

export function readMultiResponse(reader: RecordReader): MultiResult[] {
  const results: MultiResult[] = [];
  for (;;) {
    const at = reader.offset;
    const type = readMultiHeader(reader);
    if (type === undefined) return results;
    results.push(readResult(reader, type, at));
  }
}

function readResult(reader: RecordReader, type: number, at: number): MultiResult {
  switch (type) {
    case OpCode.create:
      return { type, path: reader.readString() };
    case OpCode.create2:
      return { type, path: reader.readString(), stat: reader.readStat() };
    case OpCode.delete:
    case OpCode.check:
      return { type };
    case OpCode.setData:
      return { type, stat: reader.readStat() };
    case OpCode.error:
      return { type, code: reader.readInt() as ErrorCode };
    default:
      throw new UnknownTypeError('result in a multi', at, type);
  }
}

export function writeMultiResponse(writer: RecordWriter, results: readonly MultiResult[]): void {
  for (const result of results) {
    writeMultiHeader(writer, result.type, result.type === OpCode.error ? result.code : 0);
    writeResult(writer, result);
  }
  writeMultiEnd(writer);
}

function writeResult(writer: RecordWriter, result: MultiResult): void {
  switch (result.type) {
    case OpCode.create:
      return writer.writeString(result.path);
    case OpCode.create2:
      writer.writeString(result.path);
      return writer.writeStat(result.stat);
    case OpCode.delete:
    case OpCode.check:
      return;
    case OpCode.setData:
      return writer.writeStat(result.stat);
    case OpCode.error:
      return writer.writeInt(result.code);
  }
}
