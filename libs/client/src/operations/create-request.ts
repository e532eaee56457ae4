import { isUint8Array } from 'node:util/types';
import { CreateFlag, type CreateRequest, OpCode, TTL_MS_MAX } from '@corral/model';
import type { CallOptions, Context } from '../context.js';
import { InvalidOptionError } from '../errors/connection-errors.js';
import { kindOf } from '../check-option.js';
import { NoNodeError, UnimplementedError } from '../errors/server-errors.js';
import * as operations from './operations.js';

/** How a znode lives, and whether the server completes its name with a number. */
export type CreateMode =
  | 'persistent'
  | 'persistent-sequential'
  | 'ephemeral'
  | 'ephemeral-sequential'
  | 'container'
  | 'ttl'
  | 'ttl-sequential';

/** What a create can carry. */
export type ZnodeData = Uint8Array | string | null | undefined;

/** The bytes of what the caller gave. @throws InvalidOptionError for what is neither text nor bytes */
export function bytesOf(data: ZnodeData): Uint8Array | null {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  if (data === null || data === undefined || isUint8Array(data)) return data ?? null;
  throw new InvalidOptionError('data', `must be text, bytes (Uint8Array) or null, not ${kindOf(data)}`);
}

const FLAGS: Readonly<Record<CreateMode, number>> = {
  persistent: CreateFlag.persistent,
  'persistent-sequential': CreateFlag.persistentSequential,
  ephemeral: CreateFlag.ephemeral,
  'ephemeral-sequential': CreateFlag.ephemeralSequential,
  container: CreateFlag.container,
  ttl: CreateFlag.persistentWithTtl,
  'ttl-sequential': CreateFlag.persistentSequentialWithTtl,
};

/** Whether the server completes the name. */
export const isSequential = (mode: CreateMode): boolean => mode.endsWith('-sequential');

/** The request's fields for a mode, wherever it stands. @throws InvalidOptionError when mode and TTL do not fit. */
export function createFields(
  mode: CreateMode,
  ttlMs: number | undefined,
): { readonly flags: number; readonly ttlMs: number | undefined } {
  const flags = FLAGS[mode];
  if (flags === undefined) throw new InvalidOptionError('mode', `there is no mode ${JSON.stringify(mode)}`);
  const wantsTtl = mode === 'ttl' || mode === 'ttl-sequential';
  if (wantsTtl && !(ttlMs !== undefined && Number.isInteger(ttlMs) && ttlMs > 0 && ttlMs <= TTL_MS_MAX)) {
    throw new InvalidOptionError('ttlMs', `mode ${mode} takes 1 to ${TTL_MS_MAX} ms, not ${String(ttlMs)}`);
  }
  if (!wantsTtl && ttlMs !== undefined) throw new InvalidOptionError('ttlMs', `mode ${mode} has none`);
  return { flags, ttlMs };
}

/** A create, with everything that the caller left out filled in. */
export interface CreatePlan {
  /** As the caller knows it, with the protection's mark. */
  readonly path: string;
  readonly mode: CreateMode;
  readonly request: CreateRequest;
  readonly ttlMs: number | undefined;
  /** Whether the caller wants the stat; the plain create has none, and every server knows it. */
  readonly withStat: boolean;
  readonly call: CallOptions;
}

/** A create that was done. */
export type CreateOutcome = { readonly path: string; readonly stat: operations.Created['stat'] | undefined };

/** Sends the create in the form that the server knows. */
export async function sendCreate(context: Context, plan: CreatePlan): Promise<CreateOutcome> {
  const { call, mode, path, request, ttlMs, withStat } = plan;
  const { driver } = context;
  if (ttlMs !== undefined) return context.ask(operations.createTtl, path, { ...request, ttlMs }, call);
  if (mode === 'container') {
    const plain = { ...plan, mode: 'persistent' as const, request: { ...request, flags: CreateFlag.persistent } };
    if (driver.lacks(OpCode.createContainer)) return sendCreate(context, plain);
    return orElse(context.ask(operations.createContainer, path, request, call), () => sendCreate(context, plain));
  }
  if (!withStat) return { path: await context.ask(operations.createPath, path, request, call), stat: undefined };
  if (driver.lacks(OpCode.create2)) return createThenStat(context, plan);
  return orElse(context.ask(operations.create2, path, request, call), () => createThenStat(context, plan));
}

/** Another way, for a server that does not know the first. */
async function orElse<T>(first: Promise<T>, otherwise: () => Promise<T>): Promise<T> {
  try {
    return await first;
  } catch (error) {
    if (error instanceof UnimplementedError) return otherwise();
    throw error;
  }
}

/** For servers before 3.5. The stat may be a later one than that of the creation. */
async function createThenStat(context: Context, { call, path, request }: CreatePlan): Promise<CreateOutcome> {
  const made = await context.ask(operations.createPath, path, request, call);
  const stat = await context.ask(operations.exists, path, { path: made, watch: false }, call);
  if (stat === undefined) throw new NoNodeError('create', path);
  return { path: made, stat };
}
