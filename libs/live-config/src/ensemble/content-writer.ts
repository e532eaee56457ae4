import { ErrorCode } from '@corral/model';
import { type EncodedContent, splitContent } from '../layout/content.js';
import type { ScopePaths } from '../layout/paths.js';
import { type ConfigClient, hasCode, withSignal } from './client-port.js';
import { partPath } from './scope-reader.js';

/**
 * Writes contents that are not there yet. They are named by their hash and never changed, so writing one twice, from two publishers, or
 * again after a crash half-way, comes to the same. Nothing refers to them until a release does.
 */
export async function writeContents(
  client: ConfigClient,
  paths: ScopePaths,
  contents: readonly EncodedContent[],
  signal?: AbortSignal,
): Promise<void> {
  for (const content of contents) {
    const path = `${paths.contents}/${content.ref.hash}`;
    if (content.ref.parts === 1) {
      await createIfAbsent(client, path, content.bytes, signal);
      continue;
    }
    await createIfAbsent(client, path, null, signal);
    let part = 0;
    for (const bytes of splitContent(content)) {
      await createIfAbsent(client, partPath(path, part), bytes, signal);
      part += 1;
    }
  }
}

async function createIfAbsent(
  client: ConfigClient,
  path: string,
  data: Uint8Array | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await client.create(path, data, withSignal(signal));
  } catch (error) {
    if (!hasCode(error, ErrorCode.nodeExists)) throw error;
  }
}
