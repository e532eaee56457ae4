import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { SnapshotDecoder } from '@corral/wire';
import { TreeStoreFailedError } from '../lmdb/errors.js';
import type { TreeBuilder } from '../lmdb/tree-builder.js';
import { adler32 } from '../log/adler32.js';
import { TakeOverFailedError } from './errors.js';
import type { SnapshotFile } from './snapshot-files.js';

const CHUNK_BYTES = 256 * 1024;
/** No record of a snapshot is larger: `jute.maxbuffer` bounds them, and nobody sets it so high. */
const RECORD_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Reads a snapshot from front to back into a tree, in bounded memory.
 * @throws TreeStoreFailedError when the tree cannot be written,
 * TakeOverFailedError when the file is compressed in a way that is not supported, damaged or incomplete.
 */
export async function readSnapshot(file: SnapshotFile, builder: TreeBuilder): Promise<void> {
  if (file.compression === 'snappy') {
    throw new TakeOverFailedError(
      `${file.path} is compressed with snappy, which Corral cannot read: start ZooKeeper once more with ` +
        'snapshot.compression.method=gz (or without), and stop it after it has written a snapshot',
    );
  }
  let checksum = 1;
  const decoder = new SnapshotDecoder('file', builder, {
    maxRecordBytes: RECORD_BYTES_MAX,
    onBytes: (buffer, start, end) => {
      checksum = adler32(buffer, start, end, checksum);
    },
  });
  const source = createReadStream(file.path, { highWaterMark: CHUNK_BYTES });
  const bytes = file.compression === 'gzip' ? source.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : source;
  source.on('error', (error) => bytes.destroy(error));
  try {
    for await (const chunk of bytes) {
      builder.write(() => {
        decoder.push(chunk as Buffer);
      });
      if (decoder.done) break;
    }
    decoder.end();
  } catch (error) {
    if (error instanceof TreeStoreFailedError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new TakeOverFailedError(`${file.path} cannot be read: ${why}`, { cause: error });
  } finally {
    source.destroy();
  }
  if (decoder.checksum !== checksum) {
    throw new TakeOverFailedError(`${file.path} is damaged: its checksum does not match its contents`);
  }
}
