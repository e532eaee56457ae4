import { ConfigurationError, serve as serveCoordinator, StartFailedError } from '@corral/coordinator';
import { parseArgs } from 'node:util';
import { type Command, CommandFailedError, UsageError } from '../command.js';

/** `corral serve [FILE]` */
export const serve: Command = {
  usage: '[FILE]',
  summary: 'run a server in the foreground',
  details: [
    'FILE is a ZooKeeper zoo.cfg, taken as it is, or a corral.yaml, which is the full form. Without it, clients are served',
    'at 127.0.0.1:2181, the admin pages at 127.0.0.1:8180, and the data lies under ./data.',
    '',
    'SIGTERM and SIGINT end the server cleanly; a second one ends it at once.',
  ].join('\n'),
  run: async (args) => {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    if (positionals.length > 1) throw new UsageError('serve takes one configuration file');
    try {
      await serveCoordinator(positionals[0]);
      return undefined;
    } catch (error) {
      if (!(error instanceof ConfigurationError || error instanceof StartFailedError)) throw error;
      throw new CommandFailedError(error.message, { cause: error });
    }
  },
};
