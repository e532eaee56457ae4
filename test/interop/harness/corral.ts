/** Starts Corral from the build of this repository. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository.js';
import { RunningServer } from './running-server.js';
import type { ServerOptions } from './server-options.js';
import { prepareWorkplace } from './workplace.js';

const MAIN_FILE = join(repositoryRoot(), 'apps/cli/dist/main.js');

/** Why Corral cannot be started here, or `undefined` when it can. */
export function whyNoCorral(): string | undefined {
  return existsSync(MAIN_FILE) ? undefined : `${MAIN_FILE} is missing (npm run build)`;
}

/** Starts a standalone Corral with `corral serve zoo.cfg` and returns when it serves. */
export async function startCorral(options: ServerOptions = {}): Promise<RunningServer> {
  const place = await prepareWorkplace(options, 'corral');
  return RunningServer.start({
    kind: 'corral',
    command: process.execPath,
    arguments: [...(options.nodeArguments ?? []), MAIN_FILE, 'serve', place.configFile],
    environment: withoutTestRunnerFlags({ ...process.env, ...options.environment }),
    directory: place.directory,
    clientPort: place.clientPort,
    adminPort: place.adminPort,
    startTimeoutMs: options.startTimeoutMs ?? 30_000,
    release: place.release,
  });
}

/** Jest in ESM mode needs a flag in NODE_OPTIONS; the server shall run as a user runs it, without. */
function withoutTestRunnerFlags(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _ignored, ...rest } = environment;
  return rest;
}
