/** Keeps two servers from working in one data directory. */
import { closeSync, constants, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { errorCodeOf } from '../text/error-code.js';

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

const LOCK_NAME = 'lock';
/** What file systems say that cannot hold sockets. */
const NO_SOCKETS = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'EPERM']);

/**
 * A lock on a directory that ends with the process, however it ends: a socket file on which the holder listens.
 * Unlike a file with a process id it cannot be mistaken after a crash, a restart of a container or a reuse of the id: whoever finds
 * the file asks it by connecting, and if nobody answers, nobody holds it.
 */
export class DirectoryLock {
  readonly #server: Server;
  readonly #path: string;

  private constructor(server: Server, path: string) {
    this.#server = server;
    this.#path = path;
  }

  /**
   * Takes the lock of an existing directory.
   * @throws DirectoryInUseError, LockUnsupportedError
   */
  static async take(directory: string): Promise<DirectoryLock> {
    const path = join(directory, LOCK_NAME);
    const ownPath = `${path}.${process.pid}`;
    const server = await withShortPath(directory, (short) => listen(join(short, `${LOCK_NAME}.${process.pid}`)));
    try {
      await setAsideDeadLock(directory);
      // The name appears with a listener behind it or not at all; of two that try, one wins.
      linkSync(ownPath, path);
      return new DirectoryLock(server, path);
    } catch (error) {
      server.close();
      throw errorCodeOf(error) === 'EEXIST' ? new DirectoryInUseError(directory) : error;
    } finally {
      rmSync(ownPath, { force: true });
    }
  }

  release(): void {
    rmSync(this.#path, { force: true });
    this.#server.close();
  }
}

/** Moves a lock away that nobody holds any more. It is asked under a name of its own, so that nobody else's new lock is removed. */
async function setAsideDeadLock(directory: string): Promise<void> {
  const path = join(directory, LOCK_NAME);
  if (await isHeld(directory, LOCK_NAME)) throw new DirectoryInUseError(directory);
  const asideName = `${LOCK_NAME}.dead.${process.pid}`;
  try {
    renameSync(path, join(directory, asideName));
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (await isHeld(directory, asideName)) {
    // Somebody took the lock between the question and the move: give the name back.
    renameSync(join(directory, asideName), path);
    throw new DirectoryInUseError(directory);
  }
  rmSync(join(directory, asideName), { force: true });
}

/** Whether somebody listens behind a socket file. */
async function isHeld(directory: string, name: string): Promise<boolean> {
  return withShortPath(
    directory,
    (short) =>
      new Promise((resolve) => {
        const socket = connect(join(short, name));
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
      reject(
        NO_SOCKETS.has(errorCodeOf(error) ?? '') ? new LockUnsupportedError(error.message, { cause: error }) : error,
      );
    });
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
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
