/** A coordinator inside the process that measures, as it runs embedded: it syncs every write. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { serve } from '@corral/coordinator';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a coordinator in this process, with its data in the directory; returns its address. It ends with the process. */
export async function startCoordinator(directory: string): Promise<string> {
  const port = await freePort();
  const file = join(directory, 'zoo.cfg');
  const lines = [
    `dataDir=${join(directory, 'data')}`,
    `clientPort=${port}`,
    'admin.enableServer=false',
    'maxClientCnxns=0',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  // Its log would stand between the lines that the caller reads.
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;
  await serve(file);
  process.stdout.write = write;
  return `127.0.0.1:${port}`;
}
