import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DirectoryInUseError, DirectoryLock, storageLayoutOf } from '@corral/coordinator';
import { errorCodeOf, formatZxid } from '@corral/primitives';
import { exportForApache } from '@corral/storage';
import { type Command, CommandFailedError, ExitCode, UsageError } from '../command.js';
import { printLines } from '../print-lines.js';

const options = { 'log-dir': { type: 'string' } } as const;

/** `corral export DIR OUT` */
export const exportCommand: Command = {
  usage: 'DIR OUT',
  summary: 'make a data directory for Apache ZooKeeper',
  details: [
    'DIR is the dataDir of a server that is stopped; nothing in it is changed.',
    'OUT is to be the dataDir of an Apache ZooKeeper, 3.5 or later: the tree as a',
    'snapshot, and what the log has beyond it. A member also needs its myid there.',
    'Sessions go along; of a server that stood alone their passwords do not, so',
    'that its clients begin new ones.',
    '',
    '  --log-dir DIR    the dataLogDir of the server, when it has one',
  ].join('\n'),
  run: async (args) => {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [from, to, ...more] = positionals.map((path) => resolve(path));
    if (from === undefined || to === undefined || more.length > 0) throw new UsageError('export takes two directories');
    const layout = storageLayoutOf({ dataDirectory: from, logDirectory: resolve(values['log-dir'] ?? from) });
    try {
      const lock = await DirectoryLock.take(layout.homeDirectory);
      try {
        const exported = await exportForApache({
          treeFile: layout.treeFile,
          logDirectory: layout.logDirectory,
          epochDirectory: layout.apacheSnapshotDirectory,
          outDirectory: to,
        });
        await printLines([
          `${join(to, 'version-2')}: ${String(exported.znodeCount)} znodes as of ${formatZxid(exported.zxid)}` +
            (exported.logCount === 0 ? '' : `, and ${String(exported.logCount)} transactions behind them`),
        ]);
      } finally {
        lock.release();
      }
      return ExitCode.ok;
    } catch (error) {
      const isPlain = error instanceof RangeError || error instanceof DirectoryInUseError;
      if (isPlain) throw new CommandFailedError(error.message, { cause: error });
      if (['ENOENT', 'ENOTDIR'].includes(errorCodeOf(error) ?? '') && !existsSync(layout.homeDirectory)) {
        throw new CommandFailedError(`there is no data of a Corral server in ${from}`, { cause: error });
      }
      throw error;
    }
  },
};
