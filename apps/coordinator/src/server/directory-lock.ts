/** Keeps two servers from working in one data directory. */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, linkSync, openSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { errorCodeOf } from '@corral/primitives';

/** Another process works in the directory. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';

  constructor(readonly directory: string) {
    super(`another server is using ${directory}`);
  }
}

/** The file system has no sockets, so the directory stays without a lock. */
export class LockUnsupportedError extends Error {
  override readonly name = 'LockUnsupportedError';
}

const LOCK_NAME = /^lock\.(\d+)$/;
/** What file systems say that have no sockets, or no second names for them. */
const NO_SOCKETS = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'EPERM']);

/**
 * A lock on a directory that ends with the process, however it ends: a socket file, `lock.<number>`, on which the holder listens.
 * Unlike a file with a process id it cannot be mistaken after a crash, in a restarted container or when the id is used again: whoever
 * finds the file connects to it, and if nobody answers, nobody holds it.
 *
 * Every holder takes the next number, and the highest number is never removed, also not by its holder. So of all that find the
 * same dead lock only one can make its successor, and who comes too late with a lower number sees the higher one.
 */
export class DirectoryLock {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /**
   * Takes the lock of an existing directory.
   * @throws DirectoryInUseError, LockUnsupportedError
   */
  static async take(directory: string): Promise<DirectoryLock> {
    const latest = latestNumber(directory);
    if (latest !== undefined && (await isHeld(directory, latest))) throw new DirectoryInUseError(directory);
    const number = (latest ?? 0) + 1;
    const server = await listenAs(directory, number);
    if (latestNumber(directory) !== number) {
      server.close();
      throw new DirectoryInUseError(directory);
    }
    for (const older of numbers(directory)) if (older < number) rmSync(join(directory, nameOf(older)), { force: true });
    return new DirectoryLock(server);
  }

  /** Gives it up. The file stays, and its successor removes it. */
  release(): void {
    this.#server.close();
  }
}

function nameOf(number: number): string {
  return `lock.${number}`;
}

function numbers(directory: string): number[] {
  return readdirSync(directory).flatMap((name) => {
    const digits = LOCK_NAME.exec(name)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

function latestNumber(directory: string): number | undefined {
  const all = numbers(directory);
  return all.length === 0 ? undefined : Math.max(...all);
}

/** Listens under a name of its own and then takes the number: the name appears with a listener behind it or not at all. */
async function listenAs(directory: string, number: number): Promise<Server> {
  const ownName = `taking-lock.${randomBytes(8).toString('hex')}`;
  const server = await withShortPath(directory, (short) => listen(join(short, ownName)));
  try {
    linkSync(join(directory, ownName), join(directory, nameOf(number)));
    return server;
  } catch (error) {
    server.close();
    throw errorCodeOf(error) === 'EEXIST' ? new DirectoryInUseError(directory) : orUnsupported(error);
  } finally {
    rmSync(join(directory, ownName), { force: true });
  }
}

/** Whether somebody listens behind a lock. */
function isHeld(directory: string, number: number): Promise<boolean> {
  return withShortPath(
    directory,
    (short) =>
      new Promise((resolve) => {
        const socket = connect(join(short, nameOf(number)));
        socket.once('connect', () => {
          socket.destroy();
          resolve(true);
        });
        socket.once('error', () => {
          resolve(false);
        });
      }),
  );
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      reject(orUnsupported(error));
    });
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function orUnsupported<E>(error: E): E | LockUnsupportedError {
  if (!NO_SOCKETS.has(errorCodeOf(error) ?? '')) return error;
  return new LockUnsupportedError('the file system has no socket files', { cause: error });
}

/** A socket's path may be no longer than about a hundred bytes; through an open directory, Linux makes any path short. */
async function withShortPath<T>(directory: string, use: (short: string) => Promise<T>): Promise<T> {
  if (process.platform !== 'linux') return use(directory);
  const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await use(`/proc/self/fd/${fd}`);
  } finally {
    closeSync(fd);
  }
}
