import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { filesBelow, inRoot, readJson, readText } from './repository.js';

const { scripts } = readJson<{ readonly scripts: Readonly<Record<string, string>> }>('package.json');
const docs = filesBelow().filter((file) => file.endsWith('.md'));

/** Code spans and code blocks: where a document tells its reader what to type. */
const codeOf = (text: string): string =>
  [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([code]) => code).join('\n');

const matchesOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, group]) => group ?? '');

describe.each(docs)('%s', (file) => {
  const text = readText(file);
  const code = codeOf(text);

  it('names npm scripts that exist', () => {
    const named = [
      ...matchesOf(code, /\bnpm run (?:--silent )?([\w:.-]+)/g),
      ...matchesOf(code, /\bnpm (test|start)\b/g),
    ];
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('names programs that the build makes', () => {
    const built = matchesOf(code, /\bnode ((?:apps|libs|test)\/[\w./-]+\.js)\b/g);
    const sources = built.map((program) =>
      program
        .replace(/^(test|(?:apps|libs)\/[^/]+)\/dist\//, (_all, home: string) =>
          home === 'test' ? 'test/' : `${home}/src/`,
        )
        .replace(/\.js$/, '.ts'),
    );
    expect(sources.filter((source) => !existsSync(inRoot(source)))).toEqual([]);
  });

  it('links to files that exist', () => {
    const links = matchesOf(text, /\]\(([^)#\s]+)(?:#[^)]*)?\)/g).filter((link) => !/^[a-z]+:/.test(link));
    expect(links.filter((link) => !existsSync(inRoot(posix.join(posix.dirname(file), link))))).toEqual([]);
  });
});
