import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Where Node keeps a socket's descriptor. Not documented, and therefore looked at with care. */
type Innards = Socket & { readonly _handle?: { readonly fd?: number } | null };

/**
 * Sends bytes: what the kernel takes at once goes to it without a detour, the rest waits in the socket. Nothing may wait there yet.
 * Says whether all of it has gone, so that the buffer is the caller's again.
 *
 * `socket.write` would try the same system call first, with a request, a tick and the state of a stream around it, which costs a
 * connection that says little more than the call. Where the descriptor is not to be had, or the kernel refuses, the socket does
 * it, and reports what is wrong in its own way.
 */
export function writeNow(socket: Socket, bytes: Buffer, lengthBytes: number): boolean {
  const fd = (socket as Innards)._handle?.fd ?? -1;
  const written = fd < 0 ? 0 : tryWrite(fd, bytes, lengthBytes);
  if (written === lengthBytes) return true;
  socket.write(bytes.subarray(written, lengthBytes));
  return socket.writableLength === 0;
}

function tryWrite(fd: number, bytes: Buffer, lengthBytes: number): number {
  try {
    return writeSync(fd, bytes, 0, lengthBytes);
  } catch {
    // A full socket, or a broken one: the stream finds out which.
    return 0;
  }
}
