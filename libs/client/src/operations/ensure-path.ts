import { type Acl, parentPath, ROOT_PATH } from '@corral/model';
import type { CallOptions, Context } from '../context.js';
import { ConnectionLossError } from '../errors/connection-errors.js';
import { NodeExistsError, NoNodeError } from '../errors/server-errors.js';
import { bytesOf, createFields, sendCreate, type ZnodeData } from './create-request.js';
import { exists } from './operations.js';

export interface EnsurePathOptions extends CallOptions {
  /** How the last znode of the path lives, when it has to be created; `container` by default. */
  readonly mode?: 'container' | 'persistent';
  /** How missing parents live; `container` by default. */
  readonly parents?: 'container' | 'persistent';
  /** What the last znode holds, when it has to be created. */
  readonly data?: ZnodeData;
  readonly acl?: readonly Acl[];
}

/** Empty containers vanish, so a parent may go while its child is on the way. After so many times something else is wrong. */
const ROUNDS_MAX = 16;

/** Makes sure that there is a znode at the path. What is there already stays as it is. */
export async function ensurePath(context: Context, path: string, options: EnsurePathOptions): Promise<void> {
  const call: CallOptions = { signal: options.signal };
  for (let round = 1; ; round += 1) {
    if (path === ROOT_PATH || path === '' || (await context.read(exists, path, call)) !== undefined) return;
    try {
      await createOne(context, path, options);
      return;
    } catch (error) {
      if (error instanceof NodeExistsError) return;
      if (round >= ROUNDS_MAX) throw error;
      // After a lost connection the next round finds out whether it was done.
      if (error instanceof ConnectionLossError) continue;
      if (!(error instanceof NoNodeError)) throw error;
    }
    const { data: _its, ...shared } = options;
    const parents = options.parents ?? 'container';
    await ensurePath(context, parentPath(path), { ...shared, mode: parents, parents });
  }
}

async function createOne(context: Context, path: string, options: EnsurePathOptions): Promise<void> {
  const mode = options.mode ?? 'container';
  const request = {
    path: context.full(path),
    data: bytesOf(options.data),
    acl: options.acl ?? context.driver.settings.defaultAcl,
    flags: createFields(mode, undefined).flags,
  };
  const call = { signal: options.signal };
  await sendCreate(context, { path, mode, request, ttlMs: undefined, withStat: false, call });
}
