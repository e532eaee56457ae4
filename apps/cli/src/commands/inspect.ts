import { inspectLog, inspectTree } from '@corral/storage';
import type { Zxid } from '@corral/primitives';
import { parseArgs } from 'node:util';
import { type Command, CommandFailedError, ExitCode, UsageError } from '../command.js';
import { printLines } from '../print-lines.js';

const KINDS = ['log', 'tree'] as const;

const options = {
  path: { type: 'string' },
  limit: { type: 'string' },
  after: { type: 'string' },
  through: { type: 'string' },
} as const;

/** `corral inspect log|tree DIR` */
export const inspect: Command = {
  usage: 'log|tree DIR',
  summary: 'print the log or the tree of a data directory',
  details: [
    "Reads only, also beside a running server. The log may be Apache ZooKeeper's too.",
    'Data is shown by its length.',
    '',
    '  --path PATH      only this znode and those below it',
    '  --limit N        no more than N transactions or znodes',
    '  --after ZXID     log: only transactions after this one (0x... or decimal)',
    '  --through ZXID   log: only transactions up to this one',
  ].join('\n'),
  run: async (args) => {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [kind, directory, ...more] = positionals;
    if (!KINDS.includes(kind as (typeof KINDS)[number])) throw new UsageError('say what to inspect: log or tree');
    if (directory === undefined || more.length > 0) throw new UsageError(`inspect ${kind} takes one directory`);
    if (kind === 'tree' && (values.after !== undefined || values.through !== undefined)) {
      throw new UsageError('--after and --through are for the log; a tree shows one moment');
    }
    const part = {
      ...(values.path === undefined ? {} : { path: values.path }),
      ...(values.limit === undefined ? {} : { limit: parseCount(values.limit) }),
      ...(values.after === undefined ? {} : { after: parseZxid('--after', values.after) }),
      ...(values.through === undefined ? {} : { through: parseZxid('--through', values.through) }),
    };
    try {
      await printLines(kind === 'log' ? inspectLog(directory, part) : inspectTree(directory, part));
      return ExitCode.ok;
    } catch (error) {
      // Nothing to show there, and the message says where it was looked for.
      if (error instanceof RangeError) throw new CommandFailedError(error.message, { cause: error });
      throw error;
    }
  },
};

function parseCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--limit takes a number, not ${JSON.stringify(text)}`);
  return Number(text);
}

function parseZxid(flag: string, text: string): Zxid {
  const zxid = /^(0x[0-9a-f]{1,14}|\d{1,16})$/i.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(zxid)) {
    throw new UsageError(`${flag} takes a zxid such as 0x100000003, not ${JSON.stringify(text)}`);
  }
  return zxid as Zxid;
}
