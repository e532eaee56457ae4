import { Socket } from 'node:net';

/** Takes what has arrived: the bytes of `buffer` from 0 to `lengthBytes`, valid until the call returns. */
export type OnBytes = (buffer: Buffer, lengthBytes: number) => void;

/** What Node keeps of an accepted socket: the descriptor and what belongs to it. Not documented, and therefore looked at with care. */
type Innards = Socket & { _handle?: { useUserBuffer?: unknown } | null };

/**
 * Has an accepted socket read into memory that all sockets share, and returns the socket to work with from now on.
 *
 * Node allocates 64 KiB for every read otherwise, and with many connections that say little the collector is busy with nothing else:
 * a third of the time of a fan-out. A client's socket gets such a buffer by the option `onread`, for a server's there is none. So the
 * accepted socket's handle moves to a new socket that has it, which is what the option `handle` is for within Node. Where a Node
 * has no such handle, the accepted socket goes on and reads as usual.
 * @param accepted is paused and has read nothing yet.
 */
export function readIntoShared(accepted: Socket, buffer: Buffer, onBytes: OnBytes): Socket {
  const innards = accepted as Innards;
  const handle = innards._handle;
  if (typeof handle?.useUserBuffer !== 'function') {
    accepted.on('data', (chunk: Buffer) => {
      onBytes(chunk, chunk.length);
    });
    return accepted.resume();
  }
  innards._handle = null;
  // Without its handle it closes nothing; the server ceases to count it.
  accepted.destroy();
  const options = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer,
      callback: (lengthBytes: number): boolean => {
        onBytes(buffer, lengthBytes);
        return true;
      },
    },
  };
  return new Socket(options);
}
