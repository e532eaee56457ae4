import { type Acl, ErrorCode, type MultiOperation as WireOperation, OpCode, type Stat } from '@corral/model';
import type { MultiReadResult as WireReadResult, MultiResult as WireResult } from '@corral/wire';
import { checkAcl, checkVersion } from '../check-option.js';
import type { CallOptions, Context } from '../context.js';
import { errorOfCode } from '../errors/error-of-code.js';
import { NoNodeError, ServerError, UnimplementedError } from '../errors/server-errors.js';
import { bytesOf, createFields, type CreateMode, isSequential, type ZnodeData } from './create-request.js';
import * as operations from './operations.js';

/** One change of a multi. */
export type MultiOperation =
  | {
      readonly type: 'create';
      readonly path: string;
      readonly data?: ZnodeData;
      readonly mode?: CreateMode;
      readonly ttlMs?: number;
      readonly acl?: readonly Acl[];
    }
  | { readonly type: 'set'; readonly path: string; readonly data: ZnodeData; readonly version?: number }
  | { readonly type: 'delete'; readonly path: string; readonly version?: number }
  | { readonly type: 'check'; readonly path: string; readonly version: number };

/** What one change of a multi gave. */
export type MultiResult =
  | { readonly type: 'create'; readonly path: string; readonly stat?: Stat }
  | { readonly type: 'set'; readonly stat: Stat }
  | { readonly type: 'delete' | 'check' };

/** The changes of a multi, in short. A version of -1, or none, means any. */
export const ops = {
  create: (
    path: string,
    data?: ZnodeData,
    options: { readonly mode?: CreateMode; readonly ttlMs?: number; readonly acl?: readonly Acl[] } = {},
  ): MultiOperation => ({ type: 'create', path, data, ...options }),
  set: (path: string, data: ZnodeData, version = -1): MultiOperation => ({ type: 'set', path, data, version }),
  delete: (path: string, version = -1): MultiOperation => ({ type: 'delete', path, version }),
  check: (path: string, version: number): MultiOperation => ({ type: 'check', path, version }),
} as const;

/** A multi failed, and nothing of it was done. `cause` is the error of the change that failed, of the class for its code. */
export class MultiError extends ServerError {
  override readonly name = 'MultiError';
  declare readonly cause: Error;

  constructor(
    /** Which change failed, counted from 0. */
    readonly index: number,
    code: ErrorCode,
    path: string | undefined,
    cause: Error,
  ) {
    super(code, 'multi', path, `change ${index} failed: ${cause.message}`, { cause });
  }
}

/** Does all changes, or none. @throws MultiError */
export async function multi(
  context: Context,
  changes: readonly MultiOperation[],
  call: CallOptions | undefined,
): Promise<MultiResult[]> {
  const body = changes.map((change) => encode(context, change));
  const results = await context.ask(operations.multi, undefined, body, call);
  const index = results.findIndex((result) => result.type === OpCode.error && result.code !== ErrorCode.ok);
  const failed = results[index];
  if (failed?.type === OpCode.error) throw multiError(index, failed.code, changes[index]);
  return results.map((result) => decode(context, result));
}

function multiError(index: number, code: ErrorCode, change: MultiOperation | undefined): MultiError {
  return new MultiError(index, code, change?.path, errorOfCode(code, change?.type ?? 'multi', change?.path));
}

function encode(context: Context, change: MultiOperation): WireOperation {
  switch (change.type) {
    case 'create':
      return encodeCreate(context, change);
    case 'set':
      return {
        type: OpCode.setData,
        path: context.full(change.path),
        data: bytesOf(change.data),
        version: checkVersion(change.version),
      };
    case 'delete':
      return { type: OpCode.delete, path: context.full(change.path), version: checkVersion(change.version) };
    case 'check':
      return { type: OpCode.check, path: context.full(change.path), version: checkVersion(change.version) };
  }
}

function encodeCreate(context: Context, change: MultiOperation & { readonly type: 'create' }): WireOperation {
  const mode = change.mode ?? 'persistent';
  const { flags, ttlMs } = createFields(mode, change.ttlMs);
  const request = {
    path: isSequential(mode) ? context.fullPrefix(change.path) : context.full(change.path),
    data: bytesOf(change.data),
    acl: change.acl === undefined ? context.driver.settings.defaultAcl : checkAcl('acl', change.acl),
    flags,
  };
  if (ttlMs !== undefined) return { type: OpCode.createTtl, ...request, ttlMs };
  return { type: mode === 'container' ? OpCode.createContainer : OpCode.create, ...request };
}

function decode(context: Context, result: WireResult): MultiResult {
  switch (result.type) {
    case OpCode.create:
      return { type: 'create', path: context.outside(result.path ?? '') };
    case OpCode.create2:
      return { type: 'create', path: context.outside(result.path ?? ''), stat: result.stat };
    case OpCode.setData:
      return { type: 'set', stat: result.stat };
    case OpCode.delete:
      return { type: 'delete' };
    default:
      return { type: 'check' };
  }
}

/** One read of a multiRead. */
export interface MultiReadOperation {
  readonly type: 'get' | 'children';
  readonly path: string;
}

/** What one read of a multiRead gave; one may fail where others succeed. */
export type MultiReadResult =
  | ({ readonly type: 'get' } & operations.Znode)
  | { readonly type: 'children'; readonly children: string[] }
  | { readonly type: 'error'; readonly error: Error };

/** Reads many znodes with one request; with one each, all sent at once, from servers before 3.6. */
export async function multiRead(
  context: Context,
  reads: readonly MultiReadOperation[],
  call: CallOptions | undefined,
): Promise<MultiReadResult[]> {
  if (context.driver.lacks(OpCode.multiRead)) return readSeparately(context, reads, call);
  const body = reads.map(({ type, path }) => ({
    type: type === 'get' ? OpCode.getData : OpCode.getChildren,
    path: context.full(path),
    watch: false,
  }));
  try {
    const results = await context.ask(operations.multiRead, undefined, body, call);
    return results.map((result, index) => decodeRead(result, reads[index]?.path));
  } catch (error) {
    if (error instanceof UnimplementedError) return readSeparately(context, reads, call);
    throw error;
  }
}

function decodeRead(result: WireReadResult, path: string | undefined): MultiReadResult {
  switch (result.type) {
    case OpCode.getData:
      // The operation has made it a buffer of its own.
      return { type: 'get', data: result.data as Buffer, stat: result.stat };
    case OpCode.getChildren:
      return { type: 'children', children: [...(result.children ?? [])] };
    case OpCode.error:
      return { type: 'error', error: errorOfCode(result.code, 'multiRead', path) };
  }
}

function readSeparately(
  context: Context,
  reads: readonly MultiReadOperation[],
  call: CallOptions | undefined,
): Promise<MultiReadResult[]> {
  return Promise.all(
    reads.map(async ({ type, path }): Promise<MultiReadResult> => {
      try {
        if (type === 'get') return { type, ...(await context.read(operations.getData, path, call)) };
        return { type, children: await context.read(operations.getChildren, path, call) };
      } catch (error) {
        if (error instanceof NoNodeError || error instanceof ServerError) return { type: 'error', error };
        throw error;
      }
    }),
  );
}
