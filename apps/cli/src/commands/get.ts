import { type Command, ExitCode } from '../command.js';
import { parseZnodeArguments, pathOf, SHARED_DETAILS, withClient } from '../with-client.js';

/** `corral get PATH` */
export const get: Command = {
  usage: 'PATH',
  summary: 'print what a znode holds',
  details: ['  --raw                no line feed behind the data', SHARED_DETAILS].join('\n'),
  run: async (args) => {
    const parsed = parseZnodeArguments(args, { raw: { type: 'boolean' } });
    const path = pathOf(parsed, 'get');
    const { data } = await withClient(parsed, (client) => client.get(path));
    process.stdout.write(data);
    if (parsed.values['raw'] !== true) process.stdout.write('\n');
    return ExitCode.ok;
  },
};
