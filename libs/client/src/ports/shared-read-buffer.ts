/** The most that is taken from one connection before the next has its turn. */
const READ_BUFFER_BYTES = 64 * 1024;

/** Made with the first connection. */
let readBuffer: Buffer | undefined;

/** A socket's option `onread`, as Node takes it. */
export interface SharedReading {
  readonly buffer: Buffer;
  readonly callback: (lengthBytes: number) => boolean;
}

/**
 * Has a socket read into memory that all clients of the process share, and hands on a copy of what came. Node allocates 64 KiB for
 * every read otherwise, and a process with many clients is busy with the collector when all of them hear of something at once.
 */
export function readIntoShared(onBytes: (chunk: Buffer) => void): SharedReading {
  readBuffer ??= Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  const buffer = readBuffer;
  return {
    buffer,
    callback: (lengthBytes) => {
      // What is read out of a chunk may be kept, so it gets memory of its own.
      const chunk = Buffer.allocUnsafe(lengthBytes);
      buffer.copy(chunk, 0, 0, lengthBytes);
      onBytes(chunk);
      return true;
    },
  };
}
