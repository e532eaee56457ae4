import { pathFault, sequentialPathFault } from '@corral/model';
import { InvalidPathError } from './errors/connection-errors.js';
import type { Operation } from './requests/request.js';
import { submit } from './requests/submit.js';
import type { SessionDriver } from './session/session-driver.js';
import type { Arming } from './watches/watch-table.js';

/** What every call that waits can be told. */
export interface CallOptions {
  /** Ends the wait. What was already sent may still be done by the server. */
  readonly signal?: AbortSignal | undefined;
}

/** A watch to be set by a read. */
export type WatchSpec = Omit<Arming, 'path'>;

/** What the parts of a client share: the driver, and the paths between the caller's view and the server's. */
export class Context {
  readonly driver: SessionDriver;
  readonly #chroot: string;

  constructor(driver: SessionDriver) {
    this.driver = driver;
    this.#chroot = driver.settings.servers.chroot;
  }

  /** The whole path of a znode. @throws InvalidPathError */
  full(path: string): string {
    const fault = typeof path === 'string' ? pathFault(path) : 'it is no text';
    if (fault !== undefined) throw new InvalidPathError(path, fault);
    return this.#prefixed(path);
  }

  /** As `full`, for a path that a sequence number will complete. @throws InvalidPathError */
  fullPrefix(path: string): string {
    const fault = typeof path === 'string' ? sequentialPathFault(path) : 'it is no text';
    if (fault !== undefined) throw new InvalidPathError(path, fault);
    return this.#chroot + path;
  }

  #prefixed(path: string): string {
    if (this.#chroot === '') return path;
    return path === '/' ? this.#chroot : this.#chroot + path;
  }

  /** Whether the path is one that the caller can name, and not the chroot itself. */
  isBelowChroot(fullPath: string): boolean {
    return fullPath.startsWith(`${this.#chroot}/`);
  }

  /** The path as the caller knows it; one above the chroot as it is. */
  outside(fullPath: string): string {
    if (this.#chroot === '' || !fullPath.startsWith(this.#chroot)) return fullPath;
    const path = fullPath.slice(this.#chroot.length);
    return path === '' ? '/' : path;
  }

  /** Sends a request about a path. */
  ask<Body, Result>(
    operation: Operation<Body, Result>,
    path: string | undefined,
    body: Body,
    call?: CallOptions,
  ): Promise<Result> {
    return submit(this.driver, { operation, body, path }, call?.signal);
  }

  /** Sends a read of one path, with the watch that its answer shall set. */
  read<Result>(
    operation: Operation<{ readonly path: string; readonly watch: boolean }, Result>,
    path: string,
    call?: CallOptions,
    watch?: WatchSpec,
  ): Promise<Result> {
    const fullPath = this.full(path);
    const body = { path: fullPath, watch: watch !== undefined };
    const arming: Arming | undefined = watch && { ...watch, path: fullPath };
    return submit(this.driver, { operation, body, path, arming }, call?.signal);
  }
}
