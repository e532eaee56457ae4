import { childPath, nodeName, parentPath } from '@corral/model';
import type { SessionId } from '@corral/primitives';
import type { CallOptions, Context } from '../context.js';
import { getChildren, type Znode } from './operations.js';
import { NoNodeError } from '../errors/server-errors.js';

/** How a mark begins, and how long its random part is: Curator's `_c_<uuid>-`. */
const MARK = '_c_';
const MARK_LENGTH = MARK.length + 36 + 1;

/** The path with a mark in front of the name, by which a sequential znode is found again when the answer to its create was lost. */
export function protectedPath(path: string, random: () => number): string {
  return childPath(parentPath(path) || '/', `${MARK}${uuid(random)}-${nodeName(path)}`);
}

/** A version 4 UUID, out of the chance that was handed in. */
function uuid(random: () => number): string {
  let hex = '';
  while (hex.length < 32) {
    hex += Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  }
  const variant = ((parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16);
  const digits = `${hex.slice(0, 12)}4${hex.slice(13, 16)}${variant}${hex.slice(17)}`;
  return [0, 8, 12, 16, 20].map((from, at, starts) => digits.slice(from, starts[at + 1] ?? 32)).join('-');
}

/** The znode under `parent` that carries the same mark as `name`, if the create that was lost was done. */
export async function findProtected(
  context: Context,
  parent: string,
  name: string,
  call: CallOptions,
): Promise<string | undefined> {
  const mark = name.slice(0, MARK_LENGTH);
  try {
    const names = await context.read(getChildren, parent, call);
    const found = names.find((candidate) => candidate.startsWith(mark));
    return found === undefined ? undefined : childPath(parent, found);
  } catch (error) {
    if (error instanceof NoNodeError) return undefined;
    throw error;
  }
}

/** What is known of a create whose answer was lost. */
export interface LostCreation {
  readonly data: Uint8Array | null;
  readonly sessionId: SessionId;
  /** The newest transaction that was seen before the create was sent. */
  readonly lastZxid: number;
}

/** Whether a znode that is there now is what that create made, as far as can be told. */
export function isOwnCreation({ data, stat }: Znode, lost: LostCreation): boolean {
  if (stat.czxid <= lost.lastZxid) return false;
  if (stat.ephemeralOwner > 0n) return stat.ephemeralOwner === lost.sessionId;
  return data.equals(lost.data ?? Buffer.alloc(0));
}
