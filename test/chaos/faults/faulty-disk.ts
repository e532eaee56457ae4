/** A disk that fails on demand: the library faults.c, compiled, and the control file that steers it. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Requirement } from '../../interop/harness/requirements.js';
import { repositoryRoot } from '../../interop/harness/repository.js';

/** How writes go: they work, or fail with ENOSPC or EIO. */
export type WriteFault = 'none' | 'no-space' | 'io-error';

/** How syncs go: they work, fail always or once with EIO, or do not return until the fault is lifted. */
export type SyncFault = 'none' | 'io-error' | 'io-error-once' | 'freeze';

/** What fails. */
export interface Faults {
  readonly writes?: WriteFault;
  readonly syncs?: SyncFault;
  /** Bytes that still fit; no limit without. */
  readonly bytesLeft?: number;
  /** Only files whose path contains this; all regular files without. */
  readonly pathPart?: string;
}

const WRITE_LETTER: Record<WriteFault, string> = { none: '-', 'no-space': 'S', 'io-error': 'E' };
const SYNC_LETTER: Record<SyncFault, string> = { none: '-', 'io-error': 'E', 'io-error-once': '1', freeze: 'F' };
const CONTROL_BYTES = 320;
const BUDGET_AT = 8;
const FAILED_AT = 16;
const PATH_AT = 64;

/** The suite needs a C compiler, and Linux to preload the library. */
export const needsFaultyDisk: Requirement = () => {
  if (process.platform !== 'linux') return 'faults.c is for Linux';
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'cc is missing (Debian: apt-get install gcc libc6-dev)';
  }
};

/** The disk of one server. */
export class FaultyDisk {
  /** The environment that the server must be started with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #directory: string;
  readonly #controlFile: string;

  constructor() {
    this.#directory = mkdtempSync(join(tmpdir(), 'corral-faults-'));
    const library = join(this.#directory, 'faults.so');
    const source = join(repositoryRoot(), 'test/chaos/faults/faults.c');
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl']);
    this.#controlFile = join(this.#directory, 'control');
    writeFileSync(this.#controlFile, Buffer.alloc(CONTROL_BYTES));
    // Calls that io_uring carries out pass no library: Node shall not use it here.
    this.environment = { LD_PRELOAD: library, CHAOS_FAULTS: this.#controlFile, UV_USE_IO_URING: '0' };
    this.lift();
  }

  /** Makes the disk fail from the next call on. */
  set({ writes = 'none', syncs = 'none', bytesLeft = -1, pathPart = '' }: Faults): void {
    const control = readFileSync(this.#controlFile);
    // The path first: a fault must not hit other files in between.
    control.fill(0, PATH_AT).write(pathPart, PATH_AT);
    control.writeBigInt64LE(BigInt(bytesLeft), BUDGET_AT);
    control.write(WRITE_LETTER[writes] + SYNC_LETTER[syncs], 0, 'latin1');
    const file = openSync(this.#controlFile, 'r+');
    try {
      writeSync(file, control, PATH_AT, CONTROL_BYTES - PATH_AT, PATH_AT);
      writeSync(file, control, 0, FAILED_AT, 0);
    } finally {
      closeSync(file);
    }
  }

  /** Lets the disk work again. */
  lift(): void {
    this.set({});
  }

  /** How many calls have failed so far: a test whose fault never struck proves nothing. */
  get failedCount(): number {
    return Number(readFileSync(this.#controlFile).readBigInt64LE(FAILED_AT));
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
