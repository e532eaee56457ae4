import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Zxid } from '@corral/primitives';
import { readSnapshotDigest, RecordReader, SnapshotDecoder } from '@corral/wire';
import { TreeStoreFailedError } from '../lmdb/errors.js';
import type { TreeBuilder } from '../lmdb/tree-builder.js';
import { adler32 } from '../log/adler32.js';
import { TakeOverFailedError } from './errors.js';
import type { SnapshotFile } from './snapshot-files.js';

const CHUNK_BYTES = 256 * 1024;
/** No record of a snapshot is larger: `jute.maxbuffer` bounds them, and nobody sets it so high. */
const RECORD_BYTES_MAX = 256 * 1024 * 1024;

/** How long a digest is: zxid, version, digest. */
const DIGEST_BYTES = 20;

/**
 * Reads a snapshot from front to back into a tree, in bounded memory. Answers with the last transaction that the server had applied when it had
 * written all of the tree, 0 when it had applied none since its start; undefined when the file does not say.
 * @throws TreeStoreFailedError when the tree cannot be written,
 * TakeOverFailedError when the file is compressed in a way that is not supported, damaged or incomplete.
 */
export async function readSnapshot(file: SnapshotFile, builder: TreeBuilder): Promise<Zxid | undefined> {
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
  let afterTree = Buffer.alloc(0);
  let appliedZxid: Zxid | undefined;
  try {
    for await (const chunk of bytes) {
      builder.write(() => {
        decoder.push(chunk as Buffer);
      });
      if (!decoder.done) continue;
      afterTree = Buffer.concat([afterTree, decoder.takeRest()]);
      if (afterTree.length >= DIGEST_BYTES) break;
    }
    decoder.end();
    appliedZxid = digestZxid(afterTree);
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
  return appliedZxid;
}

/**
 * Since 3.6 a digest follows the tree, with the last transaction that it is of: 0 from a server that had applied none since its start. Where digests
 * are off there is none.
 */
function digestZxid(bytes: Buffer): Zxid | undefined {
  if (bytes.length < DIGEST_BYTES) return undefined;
  return readSnapshotDigest(new RecordReader().reset(bytes, 0, bytes.length)).zxid;
}
