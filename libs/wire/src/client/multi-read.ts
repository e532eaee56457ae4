import { type ErrorCode, type MultiReadOperation, OpCode, type Stat } from '@corral/model';
import { UnknownTypeError } from '../errors.js';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';
import { readMultiHeader, writeMultiEnd, writeMultiHeader } from './multi-header.js';
import { readPathWatchRequest, writePathWatchRequest } from './path-watch-request.js';

/** The reads of a multiRead. Their watch flags stand in the record, but ZooKeeper sets no watch for them. */
export function readMultiReadRequest(reader: RecordReader): MultiReadOperation[] {
  const operations: MultiReadOperation[] = [];
  for (;;) {
    const at = reader.offset;
    const type = readMultiHeader(reader);
    if (type === undefined) return operations;
    if (type !== OpCode.getData && type !== OpCode.getChildren) {
      throw new UnknownTypeError('operation in a multiRead', at, type);
    }
    operations.push({ type, ...readPathWatchRequest(reader) });
  }
}

export function writeMultiReadRequest(writer: RecordWriter, operations: readonly MultiReadOperation[]): void {
  for (const operation of operations) {
    writeMultiHeader(writer, operation.type, -1);
    writePathWatchRequest(writer, operation);
  }
  writeMultiEnd(writer);
}

/** The result of one read; others may succeed where one fails. */
export type MultiReadResult =
  | { readonly type: typeof OpCode.getData; readonly data: Uint8Array | null; readonly stat: Stat }
  | { readonly type: typeof OpCode.getChildren; readonly children: readonly string[] | null }
  | { readonly type: typeof OpCode.error; readonly code: ErrorCode };

export function readMultiReadResponse(reader: RecordReader): MultiReadResult[] {
  const results: MultiReadResult[] = [];
  for (;;) {
    const at = reader.offset;
    const type = readMultiHeader(reader);
    if (type === undefined) return results;
    results.push(readResult(reader, type, at));
  }
}

function readResult(reader: RecordReader, type: number, at: number): MultiReadResult {
  switch (type) {
    case OpCode.getData:
      return { type, data: reader.readBuffer(), stat: reader.readStat() };
    case OpCode.getChildren:
      return { type, children: reader.readStrings() };
    case OpCode.error:
      return { type, code: reader.readInt() as ErrorCode };
    default:
      throw new UnknownTypeError('result in a multiRead', at, type);
  }
}

export function writeMultiReadResponse(writer: RecordWriter, results: readonly MultiReadResult[]): void {
  for (const result of results) {
    writeMultiHeader(writer, result.type, result.type === OpCode.error ? result.code : 0);
    writeResult(writer, result);
  }
  writeMultiEnd(writer);
}

function writeResult(writer: RecordWriter, result: MultiReadResult): void {
  switch (result.type) {
    case OpCode.getData:
      writer.writeBuffer(result.data);
      return writer.writeStat(result.stat);
    case OpCode.getChildren:
      return writer.writeStrings(result.children);
    case OpCode.error:
      return writer.writeInt(result.code);
  }
}
