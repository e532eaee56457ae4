import { faultInWords, nearest } from '@corral/coordinator';
import { CommandFailedError, ExitCode, UsageError } from './command.js';
import { commands } from './commands.js';

/** Flags that stand for commands, as people expect them everywhere. */
const FLAG_COMMANDS: ReadonlyMap<string, string> = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
  ['-v', 'version'],
]);

/** Runs a command line (without `node` and the script); resolves with the exit code, or `undefined` while something goes on running. */
export async function run(argv: readonly string[]): Promise<number | undefined> {
  const [word = 'help', ...args] = argv;
  const name = FLAG_COMMANDS.get(word) ?? word;
  try {
    if (!Object.hasOwn(commands, name)) throw unknownCommand(name);
    // `corral serve --help` is `corral help serve`.
    if (name !== 'help' && args.some((arg) => arg === '--help' || arg === '-h')) return await run(['help', name]);
    const command = await commands[name]?.();
    return await command?.run(args, commands);
  } catch (error) {
    return report(error, name);
  }
}

function report(error: unknown, name: string): number {
  if (error instanceof UsageError) {
    console.error(`corral: ${error.message}`);
    return ExitCode.usage;
  }
  if (isArgumentError(error)) {
    // parseArgs explains itself in a sentence or two; the first is enough.
    console.error(`corral: ${error.message.split(/\.?\s*\n|\. /)[0] ?? ''}; see corral help ${name}`);
    return ExitCode.usage;
  }
  if (error instanceof CommandFailedError) {
    for (const line of error.message.split('\n')) console.error(`corral: ${line}`);
    return ExitCode.failure;
  }
  const fault = faultInWords(error, name);
  if (fault === undefined) throw error;
  console.error(`corral: ${fault}`);
  return ExitCode.failure;
}

function isArgumentError(error: unknown): error is Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('ERR_PARSE_ARGS_');
}

function unknownCommand(name: string): UsageError {
  const candidate = nearest(name, Object.keys(commands));
  const hint =
    candidate === undefined ? `the commands are ${Object.keys(commands).join(', ')}` : `did you mean ${candidate}?`;
  return new UsageError(`there is no command ${JSON.stringify(name)}; ${hint}`);
}
