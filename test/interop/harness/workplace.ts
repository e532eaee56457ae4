/** The directory and ports of one server, made ready for its start. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { returnPorts, takeFreePorts } from './free-ports.js';
import { DEFAULT_PORT_RANGE, type ServerOptions } from './server-options.js';
import { zooCfg } from './zoo-cfg.js';

/** What a launcher needs of the place its server will run in. */
export interface Workplace {
  readonly directory: string;
  readonly configFile: string;
  readonly clientPort: number;
  readonly adminPort: number;
  readonly release: () => void;
}

/** Directories made here, removed when the test process exits. Callers' own directories are theirs. */
const ownDirectories = new Set<string>();
process.once('exit', () => {
  if (process.env['CORRAL_KEEP_DIRECTORIES'] === '1') return;
  for (const directory of ownDirectories) rmSync(directory, { recursive: true, force: true });
});

/** Takes ports, makes `data/` and writes `zoo.cfg`. */
export async function prepareWorkplace(options: ServerOptions, name: string): Promise<Workplace> {
  let directory = options.directory;
  if (directory === undefined) {
    directory = mkdtempSync(join(tmpdir(), `corral-${name}-`));
    ownDirectories.add(directory);
  }
  const dataDirectory = join(directory, 'data');
  mkdirSync(dataDirectory, { recursive: true });
  const fixed = options.clientPort;
  const ports = await takeFreePorts(options.ports ?? DEFAULT_PORT_RANGE, fixed === undefined ? 2 : 1);
  const [adminPort, clientPort = fixed] = ports;
  if (adminPort === undefined || clientPort === undefined) throw new Error('no ports');
  const configFile = join(directory, 'zoo.cfg');
  writeFileSync(configFile, zooCfg(options, dataDirectory, clientPort, adminPort));
  return { directory, configFile, clientPort, adminPort, release: () => returnPorts(ports) };
}
