import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ESLint, Linter } from 'eslint';
import { parser } from 'typescript-eslint';
import { inRoot, layerTable } from './repository.js';

interface PureRules {
  readonly pureRules: Linter.RulesRecord;
}

const { pureRules } = (await import(inRoot('config/tooling/lint-pure.js'))) as PureRules;

/** What must not be said in a pure package, and a word of the message that says what to write in its place. */
const banned: readonly (readonly [code: string, replacement: string])[] = [
  ['const now = Date.now();', 'ticks'],
  ['const now = new Date();', 'ticks'],
  ['const now = performance.now();', 'ticks'],
  ['setTimeout(work, 10);', 'ticks'],
  ['setInterval(work, 10);', 'ticks'],
  ['setImmediate(work);', 'effect as a value'],
  ['queueMicrotask(work);', 'effect as a value'],
  ['const n = Math.random();', 'seeded generator'],
  ['async function f() {}', 'effect as a value'],
  ['const f = async () => 1;', 'effect as a value'],
  ['class C { async f() {} }', 'effect as a value'],
  ['await work();', 'effect as a value'],
  ['for await (const x of work) x();', 'effect as a value'],
  ['const p = new Promise(work);', 'effect as a value'],
  ['const p = Promise.resolve();', 'effect as a value'],
  ["const n = 'a'.localeCompare('b');", '< and >'],
  ['const n = (1).toLocaleString();', '< and >'],
  ['console.log(1);', 'return what happened'],
  ['const b = Buffer.alloc(1);', 'Uint8Array'],
  ['const t = globalThis.setTimeout;', 'argument'],
];

describe('the linter in a pure package', () => {
  const config: Linter.Config[] = [
    {
      files: ['**/*.ts'],
      languageOptions: { parser: parser, sourceType: 'module' },
      rules: pureRules,
    },
  ];

  it.each(banned)('reports %s and names what to write', (code, replacement) => {
    const messages = new Linter().verify(code, config, { filename: 'planted.ts' });
    expect(messages.map(({ message }) => message).join('\n')).toContain(replacement);
  });

  it('says nothing about plain code', () => {
    const code = "export const later = (nowMs: number): number => nowMs + 1;\nexport const less = 'a' < 'b';\n";
    expect(new Linter().verify(code, config, { filename: 'planted.ts' })).toEqual([]);
  });

  it('is the linter that the repository runs on every pure package, and not on its tests', async () => {
    const eslint = new ESLint({ cwd: inRoot('.') });
    const names = Object.keys(pureRules);
    for (const { home, floor } of Object.values(layerTable.layers)) {
      const config = (await eslint.calculateConfigForFile(`${home}/src/any.ts`)) as Linter.Config;
      const found = names.filter((name) => JSON.stringify(config.rules?.[name])?.includes('here:'));
      expect([home, found]).toEqual([home, floor === 'pure' ? names : []]);
    }
    const spec = (await eslint.calculateConfigForFile('libs/znode/src/any.spec.ts')) as Linter.Config;
    expect(JSON.stringify(spec.rules?.['no-restricted-globals']) ?? '').not.toContain('here:');
  });
});

describe('the compiler in a pure package', () => {
  it('knows neither Node nor the browser, and knows the language', () => {
    const names = ['setTimeout', 'process', 'console', 'performance', 'Buffer', 'fetch', 'document', 'require'];
    const lines = names.map((name) => `export const use_${name} = ${name};`);
    const output = compile(
      [...lines, "export * as fs from 'node:fs';", 'export const ok = [1].toSorted();'].join('\n'),
    );
    const unknown = [...output.matchAll(/Cannot find (?:name|module) '([^']+)'/g)].map(([, name]) => name);
    expect(unknown).toEqual([...names, 'node:fs']);
    expect(output).not.toContain('toSorted');
  });
});

/** Compiles a planted source in a package that uses the preset for pure packages, and returns what the compiler says. */
function compile(source: string): string {
  const root = mkdtempSync(join(tmpdir(), 'corral-pure-'));
  try {
    cpSync(inRoot('config/tooling'), join(root, 'config/tooling'), { recursive: true });
    const home = join(root, 'libs/planted');
    mkdirSync(join(home, 'src'), { recursive: true });
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(home, 'tsconfig.json'), '{ "extends": "../../config/tooling/tsconfig.pure.json" }');
    writeFileSync(join(home, 'src/index.ts'), source);
    const tsc = inRoot('node_modules/typescript/bin/tsc');
    return spawnSync(process.execPath, [tsc, '-p', home, '--noEmit', '--pretty', 'false'], { encoding: 'utf8' }).stdout;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
