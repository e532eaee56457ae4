import { type Companion, ConfigurationError, serve as serveCoordinator, StartFailedError } from '@corral/coordinator';
import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { type Command, CommandFailedError, UsageError } from '../command.js';

/** `corral serve [FILE]` */
export const serve: Command = {
  usage: '[FILE]',
  summary: 'run a server in the foreground',
  details: [
    'FILE is a ZooKeeper zoo.cfg, taken as it is, or a corral.yaml, which is the full',
    'form. Without it, clients are served at 127.0.0.1:2181, the admin pages at',
    '127.0.0.1:8180, and the data lies under ./data; beside it runs a platform, for',
    'HTTP at 127.0.0.1:8181 and gRPC at 127.0.0.1:8182. With a corral.yaml one runs',
    'when it says platform.enabled: true.',
    '',
    'SIGTERM and SIGINT end the server cleanly; a second one ends it at once.',
  ].join('\n'),
  run: async (args) => {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    if (positionals.length > 1) throw new UsageError('serve takes one configuration file');
    const [file] = positionals;
    try {
      await serveCoordinator(file, mayHavePlatform(file) ? (connect) => startPlatformBeside(file, connect) : undefined);
      return undefined;
    } catch (error) {
      if (!(error instanceof ConfigurationError || error instanceof StartFailedError)) throw error;
      throw new CommandFailedError(error.message, { cause: error });
    }
  },
};

/** A zoo.cfg knows nothing of platforms, so that nothing of one is loaded either. */
function mayHavePlatform(file: string | undefined): boolean {
  return file === undefined || ['.yaml', '.yml'].includes(extname(file).toLowerCase());
}

/** Loaded only now: clients of the member are served already. */
async function startPlatformBeside(file: string | undefined, connect: string): Promise<Companion | undefined> {
  const { PlatformConfigurationError, PlatformStartError, startEmbeddedPlatform } = await import('@corral/platform');
  try {
    return await startEmbeddedPlatform({ file, connect, environment: process.env });
  } catch (error) {
    if (!(error instanceof PlatformConfigurationError || error instanceof PlatformStartError)) throw error;
    throw new CommandFailedError(error.message, { cause: error });
  }
}
