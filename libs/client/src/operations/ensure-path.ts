import { type Acl, parentPath, ROOT_PATH } from '@corral/model';
import { checkAcl } from '../check-option.js';
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

/** Makes sure that there is a znode at the path, and the chroot above it. What is there already stays as it is. */
export async function ensurePath(context: Context, path: string, options: EnsurePathOptions): Promise<void> {
  await ensureFull(context, context.full(path), options);
}

async function ensureFull(context: Context, fullPath: string, options: EnsurePathOptions): Promise<void> {
  const call: CallOptions = { signal: options.signal };
  const path = context.outside(fullPath);
  for (let round = 1; ; round += 1) {
    if (fullPath === ROOT_PATH || fullPath === '') return;
    if ((await context.ask(exists, path, { path: fullPath, watch: false }, call)) !== undefined) return;
    try {
      await createOne(context, fullPath, options);
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
    await ensureFull(context, parentPath(fullPath), { ...shared, mode: parents, parents });
  }
}

async function createOne(context: Context, fullPath: string, options: EnsurePathOptions): Promise<void> {
  // A chroot that goes with its last child would take the root from under its client.
  const mode = context.isBelowChroot(fullPath) ? (options.mode ?? 'container') : 'persistent';
  const request = {
    path: fullPath,
    data: bytesOf(options.data),
    acl: options.acl === undefined ? context.driver.settings.defaultAcl : checkAcl('acl', options.acl),
    flags: createFields(mode, undefined).flags,
  };
  const call = { signal: options.signal };
  const path = context.outside(fullPath);
  await sendCreate(context, { path, mode, request, ttlMs: undefined, withStat: false, call });
}
