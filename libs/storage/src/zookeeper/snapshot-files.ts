import { join } from 'node:path';
import type { Zxid } from '@corral/primitives';
import { namesIn } from '../file-system.js';

/** A snapshot that Apache ZooKeeper has written. */
export interface SnapshotFile {
  readonly path: string;
  /** It shows every transaction up to this one, and perhaps parts of later ones: Apache takes it while it serves. */
  readonly zxid: Zxid;
  readonly compression: 'none' | 'gzip' | 'snappy';
}

const COMPRESSION = { '': 'none', '.gz': 'gzip', '.snappy': 'snappy' } as const;

/** The snapshots in a directory, newest first; none when there is no such directory. */
export function listSnapshots(directory: string): SnapshotFile[] {
  const files: SnapshotFile[] = [];
  for (const name of namesIn(directory)) {
    const match = /^snapshot\.([0-9a-f]{1,14})(|\.gz|\.snappy)$/.exec(name);
    if (match === null) continue;
    files.push({
      path: join(directory, name),
      zxid: Number.parseInt(match[1]!, 16) as Zxid,
      compression: COMPRESSION[match[2] as keyof typeof COMPRESSION],
    });
  }
  return files.sort((a, b) => b.zxid - a.zxid);
}
