import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import ts from 'typescript';
import { expect, it } from '@jest/globals';
import { PYTHON } from '../../interop/foreign/support/tools.js';
import { describeWith, type Requirement } from '../../interop/harness/requirements.js';
import { type CommandOutcome, DEBIAN_ZOOKEEPER_BIN, hasOwnNetwork, runCommands } from './quick-start-script.js';
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

const hasKazoo = runs(PYTHON, '-c', 'import kazoo');
const hasZkCli = existsSync(`${DEBIAN_ZOOKEEPER_BIN}/zkCli.sh`) || runs('which', 'zkCli.sh');

/** What a machine may lack, with the Debian package that has it. The commands that need it are left out, and counted as skipped. */
const OPTIONAL = [
  { pattern: /\bnc\b/, isThere: runs('which', 'nc'), lacks: 'netcat-openbsd' },
  { pattern: /<<'PYTHON'/, isThere: hasKazoo, lacks: 'python3-kazoo' },
  // The price that it looks at is put there from Python.
  { pattern: /^zkCli\.sh/, isThere: hasZkCli && hasKazoo, lacks: 'zookeeper python3-kazoo' },
];

/** The commands that go on running. */
const RUNNING = [
  { command: /^npm start$/, upWhen: 'admin pages at' },
  { command: /^npm run demo$/, upWhen: 'registered as', count: 5 },
  { command: /<<'TS'/, upWhen: '^hello$', isEnded: true },
  { command: /^curl -N /, upWhen: 'Hello', isEnded: true },
];

/** What a reader is told to see. A command that is not here has to succeed and to print something. */
const EXPECTED: readonly { readonly pattern: RegExp; readonly output: RegExp; readonly exitCode?: number }[] = [
  { pattern: /^echo srvr/, output: /Mode: standalone/ },
  { pattern: /8180\/commands\/srvr/, output: /"server_state":/ },
  { pattern: /^node .*get \/greeting/, output: /^hello$/m },
  { pattern: /kazoo/, output: /the price is 10/ },
  { pattern: /^zkCli\.sh/, output: /^12$/m },
  { pattern: /discount 20/, output: /in force at 2 of 2 instances/ },
  { pattern: /^curl -X POST .*releases/, output: /"release":1/ },
  { pattern: /effective$/, output: /Hello/ },
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
  }, 120_000);
});

for (const { isThere, lacks } of OPTIONAL) {
  if (isThere) continue;
  const missing = `what needs it is left out (Debian: apt-get install ${lacks})`;
  describeWith(`the quick start with ${lacks}`, [() => missing], () => undefined);
}

function commandsIn(block: ReadmeBlock): string[] {
  if (block.language === 'python') return [`${PYTHON} - <<'PYTHON'\n${block.text}PYTHON`];
  if (block.language === 'ts') return [`node --input-type=module - <<'TS'\n${javaScriptOf(block)}TS`];
  if (block.language !== 'sh') return [];
  return (
    commandsOf(block)
      .map((line) => line.replace(/\s+#.*$/, ''))
      // What `npm ci` has installed runs this test.
      .map((line) => line.replace(/^npm ci && /, ''))
  );
}

/** A block of TypeScript as a module: what a reader gets who pastes it into a file and compiles that. */
function javaScriptOf({ text }: ReadmeBlock): string {
  const compilerOptions = { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

function canRun(command: string): boolean {
  return !OPTIONAL.some(({ pattern, isThere }) => !isThere && pattern.test(command));
}

function discountOf({ output }: CommandOutcome): number {
  return Number(/"discountPercent":(\d+)/.exec(output)?.[1]);
}
