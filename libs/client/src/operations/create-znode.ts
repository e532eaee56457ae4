import { type Acl, nodeName, parentPath } from '@corral/model';
import { checkAcl } from '../check-option.js';
import type { CallOptions, Context } from '../context.js';
import { ConnectionLossError } from '../errors/connection-errors.js';
import { NoNodeError } from '../errors/server-errors.js';
import {
  bytesOf,
  createFields,
  type CreateMode,
  type CreateOutcome,
  type CreatePlan,
  isSequential,
  sendCreate,
  type ZnodeData,
} from './create-request.js';
import { ensurePath } from './ensure-path.js';
import { getDataIfAny, sync } from './operations.js';
import { findProtected, isOwnCreation, protectedPath } from './protection.js';

export interface CreateOptions extends CallOptions {
  /** `persistent` by default. */
  readonly mode?: CreateMode;
  /** For the TTL modes: how long the znode stays after its last change, while it has no children. */
  readonly ttlMs?: number;
  /** The client's `defaultAcl` by default. */
  readonly acl?: readonly Acl[];
  /** Creates missing parents, as containers, which go by themselves when their last child has gone. */
  readonly createParents?: boolean;
  /**
   * Makes the create survive a lost connection: whether it was done is found out, and only if it was not is it done again. A sequential
   * znode's name then begins with `_c_<uuid>-`, as Curator writes it. Another's is known by its owner, when it is ephemeral, or else by
   * its data, and by having been created after this call.
   */
  readonly protect?: boolean;
}

/** After so many connections lost over one create, the loss is told to the caller. */
const ATTEMPTS_MAX = 8;

/** Creates a znode; the path that comes back is the caller's, with its sequence number. */
export async function createZnode(
  context: Context,
  path: string,
  data: ZnodeData,
  options: CreateOptions,
  withStat: boolean,
): Promise<CreateOutcome> {
  const mode = options.mode ?? 'persistent';
  const { flags, ttlMs } = createFields(mode, options.ttlMs);
  const sequential = isSequential(mode);
  const isMarked = options.protect === true && sequential;
  const named = isMarked ? protectedPath(path, context.driver.settings.random) : path;
  const fullPath = sequential ? context.fullPrefix(named) : context.full(named);
  const { defaultAcl } = context.driver.settings;
  const acl = options.acl === undefined ? defaultAcl : checkAcl('acl', options.acl);
  const request = { path: fullPath, data: bytesOf(data), acl, flags };
  const plan: CreatePlan = { path: named, mode, request, ttlMs, withStat, call: options };
  for (let attempt = 1; ; attempt += 1) {
    const lastZxid = context.driver.session.lastZxid;
    try {
      const made = await sendCreate(context, plan);
      return { path: context.outside(made.path), stat: made.stat };
    } catch (error) {
      if (error instanceof NoNodeError && options.createParents === true && attempt < ATTEMPTS_MAX) {
        await ensurePath(context, parentPath(path), { signal: options.signal });
      } else if (error instanceof ConnectionLossError && options.protect === true && attempt < ATTEMPTS_MAX) {
        const found = await findAfterLoss(context, plan, lastZxid);
        if (found !== undefined) return found;
      } else {
        throw error;
      }
    }
  }
}

async function findAfterLoss(context: Context, plan: CreatePlan, lastZxid: number): Promise<CreateOutcome | undefined> {
  const { call, path, request, mode } = plan;
  // The server at hand may be one that has not heard of it yet.
  await context.ask(sync, path, { path: request.path }, call);
  const found = isSequential(mode) ? await findProtected(context, parentPath(path) || '/', nodeName(path), call) : path;
  if (found === undefined) return undefined;
  const node = await context.read(getDataIfAny, found, call);
  if (node === undefined) return undefined;
  if (isSequential(mode)) return { path: found, stat: node.stat };
  const own = isOwnCreation(node, { data: request.data, sessionId: context.driver.session.id, lastZxid });
  return own ? { path, stat: node.stat } : undefined;
}
