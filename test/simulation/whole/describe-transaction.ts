import { formatSessionId } from '@corral/primitives';
import { type Change, OpCode, type Transaction } from '@corral/model';
import { readTransaction, RecordReader } from '@corral/wire';

const reader = new RecordReader();

/** The transaction in a log entry. */
export function transactionOf(bytes: Uint8Array): Transaction {
  const buffer = Buffer.from(bytes);
  return readTransaction(reader.reset(buffer, 0, buffer.length));
}

/** All of a transaction but its number and time, as text: two that differ are not the same. */
export function describeTransaction(bytes: Uint8Array): string {
  const { header, change } = transactionOf(bytes);
  return `${formatSessionId(header.sessionId)}#${String(header.cxid)} ${describeChange(change)}`;
}

const nameOf = (type: number): string =>
  Object.entries(OpCode).find(([, value]) => value === type)?.[0] ?? String(type);

export function describeChange(change: Change): string {
  const shown = Object.entries(change)
    .filter(([name]) => name !== 'type' && name !== 'acl')
    .map(([name, value]: [string, unknown]) => `${name}=${describeValue(value)}`);
  return [nameOf(change.type), ...shown].join(' ');
}

function describeValue(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (!Array.isArray(value)) return String(value);
  const parts = value.map((part: string | Change) => (typeof part === 'string' ? part : describeChange(part)));
  return `[${parts.join(', ')}]`;
}
