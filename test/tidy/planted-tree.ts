/** A stub of the repository in a temporary folder, in which a test plants files and sees what the import checker says. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inRoot, layerTable } from './repository.js';

/** One broken rule, as the checker reports it. */
export interface Violation {
  readonly rule: string;
  readonly from: string;
}

interface CruiserReport {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

const EMPTY_MODULE = 'export {};\n';
const CHECKER = inRoot('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const RULES = inRoot('config/tooling/dependency-cruiser.cjs');
const NPM_STUBS = ['lmdb', '@nestjs/common', '@jest/globals', 'left-pad'];

/** Writes a stub tree with the doors of every package and the given files, and returns the violations found in it. */
export function violationsIn(planted: Readonly<Record<string, string>>): Violation[] {
  const root = mkdtempSync(join(tmpdir(), 'corral-planted-'));
  try {
    const write = (file: string, text: string): void => {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    };
    write('package.json', JSON.stringify({ name: 'planted', type: 'module', dependencies: stubDependencies() }));
    for (const name of NPM_STUBS) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      write(`node_modules/${name}/index.js`, 'module.exports = {};\n');
    }
    for (const door of Object.values(layerTable.doors)) write(door, EMPTY_MODULE);
    write('test/interop/nothing.ts', EMPTY_MODULE);
    for (const [file, text] of Object.entries(planted)) write(file, text);
    return check(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const stubDependencies = (): Record<string, string> => Object.fromEntries(NPM_STUBS.map((name) => [name, '1.0.0']));

function check(cwd: string): Violation[] {
  const args = [CHECKER, '--config', RULES, '--output-type', 'json', 'libs', 'apps', 'test'];
  const run = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (run.stdout === '') throw new Error(`dependency-cruiser said nothing: ${run.stderr}`);
  const report = JSON.parse(run.stdout) as CruiserReport;
  return report.summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
}
