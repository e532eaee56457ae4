import { type Change, ErrorCode, type NodeChange, OpCode, type Transaction } from '@corral/model';

/** The error that a transaction stands for; those of its parts for a multi that was refused. */
export function refusalOf({ change }: Transaction): ErrorCode | readonly ErrorCode[] {
  if (change.type === OpCode.error) return change.code;
  if (change.type !== OpCode.multi || !change.changes.some(({ type }) => type === OpCode.error)) return ErrorCode.ok;
  return change.changes.map((part) => (part.type === OpCode.error ? part.code : ErrorCode.ok));
}

/** The transaction that stands for a refusal, be it of a multi, part by part. */
export function refusalChange(refusal: ErrorCode | readonly ErrorCode[]): Change {
  if (typeof refusal === 'number') return { type: OpCode.error, code: refusal };
  return { type: OpCode.multi, changes: refusal.map((code): NodeChange => ({ type: OpCode.error, code })) };
}
