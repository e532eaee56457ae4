import { fdatasync } from 'node:fs';
import { writeFully } from '../file-system.js';

/** The two things a disk does for the log, and does not do when it is full or broken; tests bring a disk that fails. */
export interface LogDisk {
  /** Writes all of it, or throws. */
  write(fd: number, bytes: Uint8Array, lengthBytes: number, position: number): void;
  /** Makes what was written durable, off the calling thread. */
  sync(fd: number, done: (error: Error | null) => void): void;
}

/** The disk of the machine. */
export const realDisk: LogDisk = { write: writeFully, sync: fdatasync };
