import { type Command, ExitCode, UsageError } from '../command.js';
import { numberOf, parseZnodeArguments, pathOf, SHARED_DETAILS, withClient } from '../with-client.js';

/** `corral delete PATH` */
export const deleteCommand: Command = {
  usage: 'PATH',
  summary: 'delete a znode',
  details: [
    '  -r, --recursive      and everything below it',
    '  --version N          only if this is its version',
    SHARED_DETAILS,
  ].join('\n'),
  run: async (args) => {
    const parsed = parseZnodeArguments(args, {
      recursive: { type: 'boolean', short: 'r' },
      version: { type: 'string' },
    });
    const path = pathOf(parsed, 'delete');
    const version = numberOf('--version', parsed.values['version']);
    const recursive = parsed.values['recursive'] === true;
    if (recursive && version !== undefined) throw new UsageError('--recursive goes without --version');
    await withClient(parsed, (client) =>
      recursive ? client.deleteRecursive(path) : client.delete(path, version === undefined ? {} : { version }),
    );
    return ExitCode.ok;
  },
};
