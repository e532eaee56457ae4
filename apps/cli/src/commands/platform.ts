import { PlatformConfigurationError, PlatformStartError, servePlatform } from '@corral/platform';
import { parseArgs } from 'node:util';
import { type Command, CommandFailedError, UsageError } from '../command.js';

/** `corral platform [FILE] --connect HOST:PORT,...` */
export const platform: Command = {
  usage: '[FILE]',
  summary: 'run a platform on an ensemble elsewhere',
  details: [
    'FILE is a corral.yaml, of which the group platform counts. Environment variables',
    'win over it: CORRAL_PLATFORM_HTTP_PORT is platform.http.port. The ensemble may',
    'be of Corral or of Apache ZooKeeper; any number of platforms may run on one.',
    '',
    '  --connect HOST:PORT,...   the ensemble, above file and environment;',
    '                            127.0.0.1:2181 when nothing says it',
    '',
    'SIGTERM and SIGINT end it cleanly; a second one ends it at once.',
  ].join('\n'),
  run: async (args) => {
    const options = { connect: { type: 'string' } } as const;
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (positionals.length > 1) throw new UsageError('platform takes one configuration file');
    try {
      await servePlatform({ file: positionals[0], connect: values.connect, environment: process.env });
      return undefined;
    } catch (error) {
      if (!(error instanceof PlatformConfigurationError || error instanceof PlatformStartError)) throw error;
      throw new CommandFailedError(error.message, { cause: error });
    }
  },
};
