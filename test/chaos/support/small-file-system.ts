/** A file system that is really full, not one that says so: some megabytes in memory, mounted for a test. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Requirement } from '../../interop/harness/requirements.js';

/** Elsewhere `disk-full.spec.ts` still tells the same story, with a disk that only says it is full. */
export const needsMount: Requirement = () => {
  const directory = mkdtempSync(join(tmpdir(), 'corral-mount-'));
  try {
    mount(directory, 1);
    execFileSync('umount', [directory], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'this process may not mount a file system';
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

function mount(directory: string, sizeMb: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(sizeMb)}m`, 'corral', directory], { stdio: 'ignore' });
}

/** The file system, over a directory that is made when it is missing; what was in it is copied in. `unmount` must be called. */
export class SmallFileSystem {
  readonly #directory: string;
  readonly #ballast: string;

  constructor(directory: string, sizes: { readonly sizeMb: number; readonly ballastMb: number }) {
    this.#directory = directory;
    this.#ballast = join(directory, 'ballast');
    const aside = `${directory}-aside`;
    mkdirSync(directory, { recursive: true });
    execFileSync('cp', ['-a', directory, aside]);
    mount(directory, sizes.sizeMb);
    execFileSync('cp', ['-a', `${aside}/.`, directory]);
    rmSync(aside, { recursive: true });
    writeFileSync(this.#ballast, Buffer.alloc(sizes.ballastMb * 1024 * 1024, 1));
  }

  /** Gives back the space that nothing but ballast took. */
  makeRoom(): void {
    rmSync(this.#ballast);
  }

  unmount(): void {
    execFileSync('umount', [this.#directory]);
  }
}
