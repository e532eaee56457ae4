import { ErrorCode, parentPath } from '@corral/model';
import { type ConfigClient, hasCode, withSignal } from './client-port.js';

/** Creates a znode without data, and what is missing above it. Fine when it is there already. */
export async function ensureZnode(client: ConfigClient, path: string, signal?: AbortSignal): Promise<void> {
  try {
    await client.create(path, null, withSignal(signal));
  } catch (error) {
    if (hasCode(error, ErrorCode.nodeExists)) return;
    if (!hasCode(error, ErrorCode.noNode)) throw error;
    await ensureZnode(client, parentPath(path), signal);
    await ensureZnode(client, path, signal);
  }
}

/** The names of the children; none when the znode is absent. */
export async function childrenOf(client: ConfigClient, path: string, signal?: AbortSignal): Promise<string[]> {
  try {
    return await client.children(path, withSignal(signal));
  } catch (error) {
    if (hasCode(error, ErrorCode.noNode)) return [];
    throw error;
  }
}
