import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LocalCopyStore } from './types.js';

/** Only the owner reads it: configuration may hold what is nobody else's business. */
const FILE_MODE = 0o600;

/** Keeps a local copy in a file. It is written beside the old one, synced, and put in its place by renaming. */
export class FileCopy implements LocalCopyStore {
  readonly name: string;

  constructor(file: string) {
    this.name = file;
  }

  async read(): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    await mkdir(dirname(this.name), { recursive: true });
    // The process id keeps two programs that share a folder by mistake from writing into one file.
    const fresh = `${this.name}.${process.pid}.new`;
    const file = await open(fresh, 'w', FILE_MODE);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, this.name);
  }
}
