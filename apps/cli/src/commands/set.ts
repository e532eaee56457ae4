import { type Command, ExitCode, UsageError } from '../command.js';
import { dataOf } from '../data-of.js';
import { numberOf, parseZnodeArguments, pathOf, SHARED_DETAILS, withClient } from '../with-client.js';

/** `corral set PATH DATA` */
export const set: Command = {
  usage: 'PATH DATA',
  summary: 'change what a znode holds',
  details: [
    'DATA may be -, for what comes on standard input.',
    '',
    '  --version N          only if this is its version',
    SHARED_DETAILS,
  ].join('\n'),
  run: async (args) => {
    const parsed = parseZnodeArguments(args, { version: { type: 'string' } });
    const path = pathOf(parsed, 'set', 2);
    const [, text] = parsed.positionals;
    if (text === undefined) throw new UsageError('set takes a path and the data');
    const version = numberOf('--version', parsed.values['version']);
    const data = await dataOf(text);
    await withClient(parsed, (client) => client.set(path, data, version === undefined ? {} : { version }));
    return ExitCode.ok;
  },
};
