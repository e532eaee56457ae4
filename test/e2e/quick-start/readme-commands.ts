/** What the README tells its reader to type. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../interop/harness/repository.js';

/** A block of code of the README. */
export interface ReadmeBlock {
  /** `sh`, `python`, … */
  readonly language: string;
  readonly text: string;
}

/** The blocks of code below the headings from `first` up to, not including, `end`, in order. @throws Error when there is no such heading */
export function readmeBlocks(first: string, end: string): ReadmeBlock[] {
  const readme = readFileSync(join(repositoryRoot(), 'README.md'), 'utf8');
  const [from, to] = [readme.indexOf(`\n## ${first}\n`), readme.indexOf(`\n## ${end}\n`)];
  if (from < 0 || to < from) throw new Error(`README.md has no section "${first}" before "${end}"`);
  return [...readme.slice(from, to).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

/** The commands of a block: its lines, those that a backslash continues joined, without empty ones and comments. */
export function commandsOf({ text }: ReadmeBlock): string[] {
  return text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
}
