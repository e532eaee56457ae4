/** ZooKeeper's C client: our program that goes through its whole interface. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';
import { itBehavesTheSameOnBothServers } from './support/compare.js';
import { FOREIGN_DIRECTORY, buildDirectory, needsCClient } from './support/tools.js';

const SOURCES = join(FOREIGN_DIRECTORY, 'c-client');
const FLAGS = ['-std=gnu11', '-Wall', '-Wextra', '-O1', '-DTHREADED'];

describeWith('C client', [needsApache, needsCorral, needsCClient], () => {
  itBehavesTheSameOnBothServers({
    prepare: () => {
      const program = join(buildDirectory('c-client'), 'c-client');
      const files = readdirSync(SOURCES).filter((name) => name.endsWith('.c'));
      execFileSync('gcc', [...FLAGS, '-o', program, ...files, '-lzookeeper_mt', '-lpthread'], { cwd: SOURCES });
      return { command: program, arguments: ['%direct', '%cuttable'], timeoutMs: 180_000 };
    },
  });
});
