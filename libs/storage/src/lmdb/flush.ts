/* eslint-disable no-restricted-syntax -- put() is the trap in transactionSync; in a batch, which LMDB's own thread makes, it is the way. */

import { readInt32, type SessionId } from '@corral/primitives';
import type { Changes } from './changes.js';
import type { Environment, StoredState } from './environment.js';
import { isLongPath } from './tree-key.js';
import type { ValueSlab } from './value-slab.js';

/**
 * Hands all changes and the state to LMDB as one transaction, which its own thread makes: visible and durable together or not at
 * all. The calling thread only copies the records. Resolves when they are durable.
 */
export async function writeChanges(
  environment: Environment,
  changes: Changes,
  state: StoredState,
  slab: ValueSlab,
): Promise<void> {
  slab.reserve(sizeOf(changes));
  const committed = environment.root.batch(() => {
    putRecords(environment, changes, slab);
    putOwned(environment, changes, slab);
    putSessions(environment, changes, slab);
    void environment.meta.put('state', JSON.stringify(state));
  });
  const { flushed } = environment.root;
  try {
    await committed;
  } catch (error) {
    throw await reasonOf(error);
  }
  await flushed;
}

function putRecords({ tree }: Environment, { records }: Changes, slab: ValueSlab): void {
  for (const [path, record] of records) {
    if (record === null) void tree.remove(path);
    else void tree.put(path, slab.addRecord(record, isLongPath(path) ? longValueHead(path) : undefined));
  }
}

function putOwned({ owned }: Environment, changes: Changes, slab: ValueSlab): void {
  for (const [path, owner] of changes.owned) {
    if (owner === null) void owned.remove(path);
    else void owned.put(path, slab.add(ownedValue(path, owner)));
  }
}

function putSessions({ sessions }: Environment, changes: Changes, slab: ValueSlab): void {
  for (const [id, timeoutMs] of changes.sessions) {
    const key = int64(id);
    if (timeoutMs === null) void sessions.remove(key);
    else void sessions.put(key, slab.add(int32(timeoutMs)));
  }
}

/** What stands before the record under a long key: the path's length and the path. */
export function longValueHead(path: string): Buffer {
  const bytes = Buffer.byteLength(path);
  const head = Buffer.allocUnsafe(4 + bytes);
  head.writeUInt32BE(bytes, 0);
  head.write(path, 4);
  return head;
}

/** Who owns a znode, and under a long key which one. */
export function ownedValue(path: string, owner: SessionId): Buffer {
  return isLongPath(path) ? Buffer.concat([int64(owner), Buffer.from(path)]) : int64(owner);
}

/** How long that head is, read from the value. */
export function longValueHeadBytes(value: Uint8Array): number {
  return 4 + readInt32(value, 0);
}

function sizeOf(changes: Changes): number {
  let bytes = 12 * changes.sessions.size;
  for (const [path, record] of changes.records) {
    if (record !== null) bytes += record.length + (isLongPath(path) ? 4 + Buffer.byteLength(path) : 0);
  }
  for (const path of changes.owned.keys()) bytes += 8 + (isLongPath(path) ? Buffer.byteLength(path) : 0);
  return bytes;
}

/** An id as a key or a value has it. */
export function int64(value: SessionId): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** LMDB rejects a commit with a general error that promises the real one. */
async function reasonOf(error: unknown): Promise<unknown> {
  const promised = (error as { commitError?: Promise<unknown> } | undefined)?.commitError;
  if (promised === undefined) return error;
  try {
    await promised;
    return error;
  } catch (reason) {
    return reason;
  }
}
