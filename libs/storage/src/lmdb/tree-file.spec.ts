import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TreeFileDamagedError } from './errors.js';
import { LmdbTreeStore } from './lmdb-tree-store.js';

describe('opening a tree', () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'corral-tree-file-'));
    file = join(directory, 'tree.lmdb');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it.each([
    ['text', Buffer.from('this is no tree at all, but it is long enough to look at')],
    ['zeros', Buffer.alloc(8192)],
    ['too short', Buffer.alloc(25)],
  ])('refuses a file that is not one: %s', (_what, bytes) => {
    writeFileSync(file, bytes);
    expect(() => LmdbTreeStore.open({ file })).toThrow(TreeFileDamagedError);
    expect(readFileSync(file)).toEqual(bytes);
  });

  it('refuses a directory, and names it', () => {
    mkdirSync(file);
    expect(() => LmdbTreeStore.open({ file })).toThrow(file);
  });

  it('opens what it has made', async () => {
    await LmdbTreeStore.open({ file }).close();
    await LmdbTreeStore.open({ file }).close();
  });
});
