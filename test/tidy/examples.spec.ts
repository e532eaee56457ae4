import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { filesBelow, inRoot, readText } from './repository.js';

/** A README's example as a module. All else is blank, so that a line has the number that it has in the README. */
interface Example {
  readonly readme: string;
  readonly file: string;
  readonly text: string;
}

/** The blocks of TypeScript. One that begins with an import is a new module; others go on where the one before ended. */
function examplesOf(readme: string): Example[] {
  const modules: string[][] = [];
  let isInside = false;
  for (const [at, line] of readText(readme).split('\n').entries()) {
    if (!isInside && line === '```ts') {
      isInside = true;
    } else if (isInside && line === '```') {
      isInside = false;
    } else if (isInside) {
      const isFirst = modules.at(-1)?.[at - 1] === undefined;
      if (modules.length === 0 || (isFirst && line.startsWith('import '))) modules.push([]);
      modules.at(-1)![at] = line;
    }
  }
  return modules.map((lines, at) => ({
    readme,
    file: inRoot(readme).replace(/\.md$/, `.example-${at + 1}.ts`),
    text: Array.from(lines, (line) => line ?? '').join('\n') + '\nexport {};\n',
  }));
}

/** The options of a package of ours that uses decorators; what an example declares need not be used. */
function compilerOptions(): ts.CompilerOptions {
  const config = inRoot('config/tooling/tsconfig.nest.json');
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, ts.sys.readFile).config,
    ts.sys,
    dirname(config),
  );
  return {
    ...options,
    composite: false,
    incremental: false,
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
}

function faultsOf(examples: readonly Example[]): string[] {
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const texts = new Map(examples.map(({ file, text }) => [file, text]));
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const text = texts.get(file);
    return text === undefined
      ? getSourceFile(file, languageVersion, ...rest)
      : ts.createSourceFile(file, text, languageVersion);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return examples.flatMap(({ file, readme }) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((fault) => {
      const line = ts.getLineAndCharacterOfPosition(source!, fault.start ?? 0).line + 1;
      return `${readme}:${line}: ${ts.flattenDiagnosticMessageText(fault.messageText, ' ')}`;
    });
  });
}

describe('the examples of the READMEs', () => {
  const examples = filesBelow()
    .filter((file) => file.endsWith('.md'))
    .flatMap(examplesOf);

  it('are there', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  it('compile as they are printed', () => {
    expect(faultsOf(examples)).toEqual([]);
  });

  it('would be found out otherwise, with the line', () => {
    const [example] = examples;
    const text = `\nimport { Client } from '@corral/client';\nnew Client({ connect: 2181 });\n`;
    expect(faultsOf([{ ...example!, text }])).toEqual([
      expect.stringMatching(/\.md:3: Type 'number' is not assignable to type 'string'/),
    ]);
  });
});
