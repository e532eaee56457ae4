/** ZooKeeper's own command lines, the Java one and the C one, fed the same commands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';
import { itBehavesTheSameOnBothServers } from './support/compare.js';
import { javaCommand } from './support/java.js';
import { withErrorsInTranscript } from './support/scripted-program.js';
import { CLI_MT, FOREIGN_DIRECTORY, needsCliMt } from './support/tools.js';

const TIMEOUT_MS = 90_000;

function commands(name: string): string {
  return readFileSync(join(FOREIGN_DIRECTORY, 'command-lines', name), 'utf8');
}

/** Takes out of both programs' output: zxids, dates, durations, session ids, addresses, the order of listed nodes. */
function withoutNumbersOfTheRun(line: string): string {
  return line
    .replace(/^\[(.*)\]$/, (_list, names: string) => `[${names.split(', ').sort().join(', ')}]`)
    .replace(/\b(cZxid|mZxid|pZxid|czxid|mzxid|ctime|mtime) ?=.*/, '$1')
    .replace(/session id: \w+/, 'session id')
    .replace(/127\.0\.0\.1:\d+/, 'address')
    .replace(/^time = \d+ msec$/, '');
}

describeWith('zkCli, the Java command line', [needsApache, needsCorral], () => {
  itBehavesTheSameOnBothServers({
    prepare: () => ({
      ...withErrorsInTranscript(
        javaCommand('', 'org.apache.zookeeper.ZooKeeperMain', ['-server', '%direct'], TIMEOUT_MS),
      ),
      input: commands('zkcli-commands.txt'),
    }),
    mask: (transcript) => {
      const lines = transcript.map(withoutNumbersOfTheRun).filter((line) => line !== '' && line !== 'WATCHER::');
      // A thread of its own prints the events, so their place among the answers differs from run to run.
      const isEvent = (line: string): boolean => line.startsWith('WatchedEvent');
      return [...lines.filter((line) => !isEvent(line)), ...lines.filter(isEvent).sort()];
    },
  });
});

describeWith('cli_mt, the C command line', [needsApache, needsCorral, needsCliMt], () => {
  itBehavesTheSameOnBothServers({
    prepare: () => ({
      ...withErrorsInTranscript({ command: CLI_MT, arguments: ['%direct'], timeoutMs: TIMEOUT_MS }),
      input: commands('cli-mt-commands.txt'),
    }),
    // It prints from three threads, and lists children in the server's order, which is none.
    mask: (transcript) =>
      transcript
        .map(withoutNumbersOfTheRun)
        .filter((line) => line !== '')
        .sort(),
  });
});
