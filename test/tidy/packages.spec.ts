import { existsSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { inRoot, layerTable, readJson, readText } from './repository.js';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly type: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface TsConfig {
  readonly extends: string;
  readonly references?: readonly { readonly path: string }[];
  readonly compilerOptions?: { readonly paths?: Readonly<Record<string, readonly string[]>> };
}

const readTsConfig = (file: string): TsConfig => ts.parseConfigFileTextToJson(file, readText(file)).config as TsConfig;
const { layers, doors } = layerTable;
const packages = Object.entries(layers);
const rootVersion = readJson<Manifest>('package.json').version;

/** The folders that a tsconfig refers to, from the root of the repository. */
const referencesOf = (file: string): string[] =>
  (readTsConfig(file).references ?? []).map(({ path }) => posix.join(posix.dirname(file), path)).sort();

describe('the table of packages', () => {
  it('lists every folder under libs and apps, and no other', () => {
    const folders = ['libs', 'apps'].flatMap((floor) => readdirSync(inRoot(floor)).map((name) => `${floor}/${name}`));
    expect(packages.map(([, { home }]) => home).sort()).toEqual(folders.sort());
  });

  it('is what tsc -b builds', () => {
    const testing = packages.filter(([, { testing }]) => testing).map(([, { home }]) => `${home}/testing`);
    const expected = [
      ...packages.map(([, { home }]) => home),
      ...testing,
      'config/tooling/tsconfig.specs.json',
      'test',
    ];
    expect(referencesOf('tsconfig.json')).toEqual(expected.sort());
  });

  it('is where the linter resolves house packages', () => {
    const paths = readTsConfig('config/tooling/tsconfig.lint.json').compilerOptions?.paths;
    const expected = Object.fromEntries(Object.entries(doors).map(([name, file]) => [name, [`../../${file}`]]));
    expect(paths).toEqual(expected);
  });
});

describe.each(packages)('package %s', (name, layer) => {
  const manifest = readJson<Manifest>(`${layer.home}/package.json`);

  it('is named after its folder and carries the version and the licence of the repository', () => {
    const { name: packageName, version, license, type } = manifest;
    expect({ packageName, version, license, type }).toEqual({
      packageName: `@corral/${name}`,
      version: rootVersion,
      license: 'Apache-2.0',
      type: 'module',
    });
  });

  it('depends on what its row allows', () => {
    const expected = [...layer.mayImport.map((other) => `@corral/${other}`), ...layer.npm];
    expect(Object.keys(manifest.dependencies ?? {}).sort()).toEqual(expected.sort());
  });

  it('is compiled against what its row allows, pure packages without Node', () => {
    expect(referencesOf(`${layer.home}/tsconfig.json`)).toEqual(
      layer.mayImport.map((other) => layers[other]?.home).sort(),
    );
    const isPure = readTsConfig(`${layer.home}/tsconfig.json`).extends.endsWith('tsconfig.pure.json');
    expect(isPure).toBe(layer.floor === 'pure');
  });

  it('has the doors that the table says', () => {
    const expected = layer.testing ? ['.', './testing'] : ['.'];
    expect(Object.keys(manifest.exports)).toEqual(expected);
    for (const door of Object.values(doors).filter((file) => file.startsWith(`${layer.home}/`))) {
      expect([door, existsSync(inRoot(door))]).toEqual([door, true]);
    }
    expect(existsSync(inRoot(`${layer.home}/testing/index.ts`))).toBe(layer.testing === true);
  });

  it('has a README.md with a map of its files', () => {
    const readme = readText(`${layer.home}/README.md`);
    const entries = readdirSync(inRoot(`${layer.home}/src`), { withFileTypes: true })
      .filter(
        (entry) => entry.isDirectory() || (entry.name.endsWith('.ts') && !/\.(?:spec|fake)\.ts$/.test(entry.name)),
      )
      .map((entry) => entry.name)
      .filter((entry) => entry !== 'index.ts');
    expect(entries.filter((entry) => !readme.includes(entry))).toEqual([]);
  });
});

describe('the lock file', () => {
  const lowest = { major: 20, minor: 19 };

  /** Whether a range of `engines` lets the lowest Node in. It reads what packages write: `>=18`, `^20.9 || >=22`, `18 || 20`. */
  const letsLowestIn = (range: string): boolean =>
    range.split('||').some((part) => {
      const [, sign, major, minor] = /^\s*(>=|\^)?\s*(\d+)(?:\.(\d+))?/.exec(part) ?? [];
      const isNewEnough = lowest.minor >= Number(minor ?? 0);
      return Number(major) === lowest.major ? isNewEnough : sign === '>=' && Number(major) < lowest.major;
    });

  it('names no package that refuses the lowest Node that Corral promises', () => {
    expect(readJson<{ engines: { node: string } }>('package.json').engines.node).toBe('>=20.19');
    const locked = readJson<{ packages: Record<string, { engines?: { node?: string } }> }>(
      'package-lock.json',
    ).packages;
    const refusing = Object.entries(locked).filter(([, { engines }]) => !letsLowestIn(engines?.node ?? '>=0'));
    expect(refusing.map(([name, { engines }]) => `${name}: ${engines?.node ?? ''}`)).toEqual([]);
  });
});
