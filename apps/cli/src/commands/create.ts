import type { CreateMode, CreateOptions } from '@corral/client';
import { type Command, ExitCode, UsageError } from '../command.js';
import { dataOf } from '../data-of.js';
import {
  numberOf,
  parseZnodeArguments,
  pathOf,
  SHARED_DETAILS,
  withClient,
  type ZnodeArguments,
} from '../with-client.js';

/** `corral create PATH [DATA]` */
export const create: Command = {
  usage: 'PATH [DATA]',
  summary: 'create a znode, and print its path',
  details: [
    'DATA may be -, for what comes on standard input.',
    '',
    '  -p, --parents        create missing parents too',
    '  --sequential         let the server put a number behind the name',
    '  --container          it goes by itself when its last child has gone',
    '  --ttl MS             it goes when it was not changed for so long',
    SHARED_DETAILS,
  ].join('\n'),
  run: async (args) => {
    const parsed = parseZnodeArguments(args, {
      parents: { type: 'boolean', short: 'p' },
      sequential: { type: 'boolean' },
      container: { type: 'boolean' },
      ttl: { type: 'string' },
    });
    const path = pathOf(parsed, 'create', 2);
    const options = optionsOf(parsed);
    const data = await dataOf(parsed.positionals[1] ?? '');
    console.log(await withClient(parsed, (client) => client.create(path, data, options)));
    return ExitCode.ok;
  },
};

function optionsOf({ values }: ZnodeArguments): CreateOptions {
  const ttlMs = numberOf('--ttl', values['ttl']);
  const createParents = values['parents'] === true;
  return { mode: modeOf(values, ttlMs), createParents, ...(ttlMs === undefined ? {} : { ttlMs }) };
}

function modeOf(values: ZnodeArguments['values'], ttlMs: number | undefined): CreateMode {
  const sequential = values['sequential'] === true;
  if (values['container'] === true) {
    if (sequential || ttlMs !== undefined) throw new UsageError('--container goes with neither --sequential nor --ttl');
    return 'container';
  }
  if (ttlMs !== undefined) return sequential ? 'ttl-sequential' : 'ttl';
  return sequential ? 'persistent-sequential' : 'persistent';
}
