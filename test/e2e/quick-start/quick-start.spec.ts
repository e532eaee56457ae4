import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { PYTHON } from '../../interop/foreign/support/tools.js';
import { describeWith, type Requirement } from '../../interop/harness/requirements.js';
import { type CommandOutcome, hasOwnNetwork, runCommands } from './quick-start-script.js';
import { commandsOf, type ReadmeBlock, readmeBlocks } from './readme-commands.js';

const runs = (program: string, ...options: string[]): boolean => {
  try {
    execFileSync(program, options, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const needsOwnNetwork: Requirement = () =>
  hasOwnNetwork() ? undefined : 'a test gets no network of its own here (Linux: unshare, ip), and 2181 may be taken';
const needsCurl: Requirement = () => (runs('curl', '--version') ? undefined : 'curl is missing');

/** What a machine may lack. The commands that need it are left out, and that is said. */
const OPTIONAL = [
  { pattern: /\bnc\b/, isThere: runs('which', 'nc'), name: 'nc' },
  { pattern: /<<'PYTHON'/, isThere: runs(PYTHON, '-c', 'import kazoo'), name: 'python3-kazoo' },
];

/** The commands that go on running, and how a reader sees that they are up. */
const RUNNING = [
  { command: 'npm start', upWhen: 'admin pages at', count: 1 },
  { command: 'npm run demo', upWhen: 'registered as', count: 5 },
];

/** What a reader is told to see. A command that is not here has to succeed and to print something. */
const EXPECTED: readonly { readonly pattern: RegExp; readonly output: RegExp; readonly exitCode?: number }[] = [
  { pattern: /^echo srvr/, output: /Mode: standalone/ },
  { pattern: /8180\/commands\/srvr/, output: /"server_state":/ },
  { pattern: /kazoo/, output: /the price is 10/ },
  { pattern: /discount 20/, output: /in force at 2 of 2 instances/ },
  { pattern: /^curl -X POST .*releases/, output: /"release":1/ },
  { pattern: /effective$/, output: /Hello/ },
  { pattern: /^curl -N .*watch$/, output: /Hello/, exitCode: 124 },
  { pattern: /discount 95/, output: /discount\.percent: percent must not be greater than 90/, exitCode: 1 },
];

describeWith('the quick start of the README', [needsOwnNetwork, needsCurl], () => {
  it('works as it is written', async () => {
    const commands = readmeBlocks('A first session', 'Configuration').flatMap(commandsIn).filter(canRun);
    const outcomes = await runCommands(commands, RUNNING);

    expect(outcomes.map(({ command }) => command)).toEqual(commands);
    for (const { command, output, exitCode } of outcomes) {
      const expected = EXPECTED.find(({ pattern }) => pattern.test(command));
      expect({ command, output, exitCode }).toEqual({
        command,
        output: expect.stringMatching(expected?.output ?? /\S/),
        exitCode: expected?.exitCode ?? 0,
      });
    }
    const discounts = outcomes.filter(({ command }) => command.includes('/products')).map(discountOf);
    expect(discounts).toEqual([0, 20]);
  });
});

function commandsIn(block: ReadmeBlock): string[] {
  if (block.language === 'python') return [`${PYTHON} - <<'PYTHON'\n${block.text}PYTHON`];
  if (block.language !== 'sh') return [];
  return (
    commandsOf(block)
      .map((line) => line.replace(/\s+#.*$/, ''))
      // What `npm ci` has installed runs this test.
      .map((line) => line.replace(/^npm ci && /, ''))
  );
}

function canRun(command: string): boolean {
  const lacking = OPTIONAL.find(({ pattern, isThere }) => !isThere && pattern.test(command));
  if (lacking !== undefined) process.stderr.write(`left out, ${lacking.name} is missing: ${command.split('\n')[0]}\n`);
  return lacking === undefined;
}

function discountOf({ output }: CommandOutcome): number {
  return Number(/"discountPercent":(\d+)/.exec(output)?.[1]);
}
