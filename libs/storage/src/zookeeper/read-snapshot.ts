import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { SnapshotDecoder, type SnapshotVisitor } from '@corral/wire';
import { adler32 } from '../log/adler32.js';
import { TakeOverFailedError } from './errors.js';
import type { SnapshotFile } from './snapshot-files.js';

const CHUNK_BYTES = 256 * 1024;
/** No record of a snapshot is larger: `jute.maxbuffer` bounds them, and nobody sets it so high. */
const RECORD_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Reads a snapshot from front to back in bounded memory. `pause` is awaited after each chunk, so that the taker can keep up.
 * @throws TakeOverFailedError when the file is compressed in a way that is not supported, damaged or incomplete.
 */
export async function readSnapshot(
  file: SnapshotFile,
  visitor: SnapshotVisitor,
  pause: () => Promise<void>,
): Promise<void> {
  if (file.compression === 'snappy') {
    throw new TakeOverFailedError(
      `${file.path} is compressed with snappy, which Corral cannot read: start ZooKeeper once more with ` +
        'snapshot.compression.method=gz (or without), and stop it after it has written a snapshot',
    );
  }
  let checksum = 1;
  const decoder = new SnapshotDecoder('file', visitor, {
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
      decoder.push(chunk as Buffer);
      if (decoder.done) break;
      await pause();
    }
    decoder.end();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TakeOverFailedError(`${file.path} cannot be read: ${why}`, { cause: error });
  } finally {
    source.destroy();
  }
  if (decoder.checksum !== checksum) {
    throw new TakeOverFailedError(`${file.path} is damaged: its checksum does not match its contents`);
  }
}
