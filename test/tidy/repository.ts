/** The repository as the tidy tests see it: its root, its files and its table of packages. Needs no git. */

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One row of config/tooling/layers.cjs. */
export interface Layer {
  readonly floor: 'pure' | 'bytes' | 'io' | 'shell' | 'app';
  readonly home: string;
  readonly mayImport: readonly string[];
  readonly npm: readonly string[];
  readonly testing?: boolean;
}

/** What config/tooling/layers.cjs exports. */
export interface LayerTable {
  readonly layers: Readonly<Record<string, Layer>>;
  readonly fakes: readonly string[];
  readonly doors: Readonly<Record<string, string>>;
}

/** The absolute path of the repository. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The absolute path of a file of the repository. */
export const inRoot = (file: string): string => join(ROOT, file);

/** The text of a file of the repository. */
export const readText = (file: string): string => readFileSync(inRoot(file), 'utf8');

/** A JSON file of the repository. */
export const readJson = <T>(file: string): T => JSON.parse(readText(file)) as T;

/** The table of packages. */
export const layerTable = createRequire(import.meta.url)('../../config/tooling/layers.cjs') as LayerTable;

const NOT_OURS = new Set(['.git', 'node_modules', 'dist', 'data', 'coverage']);

/** Every file below a folder of the repository, as paths from the root with forward slashes, sorted. */
export function filesBelow(folder = '.'): string[] {
  const found: string[] = [];
  const visit = (at: string): void => {
    for (const entry of readdirSync(inRoot(at), { withFileTypes: true })) {
      const file = at === '.' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory() && !NOT_OURS.has(entry.name)) visit(file);
      else if (entry.isFile()) found.push(file);
    }
  };
  visit(folder);
  return found.sort();
}
