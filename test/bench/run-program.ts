/** Measures that are programs of their own, in a process of their own: runs one and reads the line of JSON that it ends with. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Runs the program of that name beside this file. What it prints before its last line is the log of what it embeds. */
export async function runProgram<Result>(
  name: string,
  programArguments: readonly string[],
  nodeArguments: readonly string[] = [],
): Promise<Result> {
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeArguments, file, ...programArguments]);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Result;
}
