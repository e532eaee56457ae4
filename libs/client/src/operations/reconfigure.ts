import type { CallOptions, Context } from '../context.js';
import { reconfig, type Znode } from './operations.js';

/** A change of the ensemble's members: by what joins and leaves, or as the whole new list. */
export interface ReconfigureRequest {
  /** `server.3=host:2888:3888;2181`, one for each member that joins. */
  readonly joining?: readonly string[];
  /** The ids of the members that leave. */
  readonly leaving?: readonly string[];
  /** The whole list, instead of the two above. */
  readonly members?: readonly string[];
  /** The configuration version that must be in force, in decimal as a bigint; any, when there is none. */
  readonly fromVersion?: bigint;
}

/** Sends the change, and answers with the new configuration. */
export function reconfigure(
  context: Context,
  { fromVersion = -1n, joining, leaving, members }: ReconfigureRequest,
  call: CallOptions | undefined,
): Promise<Znode> {
  const list = (items: readonly string[] | undefined): string | null => items?.join(',') ?? null;
  const body = {
    joiningServers: list(joining),
    leavingServers: list(leaving),
    newMembers: list(members),
    curConfigId: fromVersion,
  };
  return context.ask(reconfig, undefined, body, call);
}
