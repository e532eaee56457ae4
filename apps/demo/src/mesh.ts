/** The whole mesh: every service as a process of its own, so that each can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from './services.js';

const MAIN_FILE = fileURLToPath(new URL('./main.js', import.meta.url));
const PROCESSES: readonly ServiceName[] = ['catalog', 'catalog', 'pricing', 'pricing', 'storefront'];

const NEXT_STEPS = `
The mesh is starting. Then try, from another terminal:

  curl localhost:3000/products                    two catalogs and two pricings take turns
  node apps/demo/dist/main.js discount 20 Sale    a new release: the next answer has the new prices
  node apps/demo/dist/main.js discount 95         refused by pricing, and you are told why
  kill -9 <pid>                                   of a pricing: gone from the registry within four seconds
  curl localhost:3000/health

Stop the server (npm start) and start it again: the mesh goes on with what it knows, and says so in /products and /health.
Ctrl-C here stops the mesh.
`;

/** Starts all processes; resolves when all have ended. A signal ends them in order: drained, left, stopped. */
export async function startMesh(): Promise<void> {
  process.stdout.write(`${NEXT_STEPS}\n`);
  const children = PROCESSES.map(startProcess);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      for (const child of children) child.kill(signal);
    });
  }
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('close', resolve))));
}

function startProcess(name: ServiceName): ChildProcess {
  const child = spawn(process.execPath, [MAIN_FILE, name], {
    // A group of its own: Ctrl-C shall reach it once, from here. The channel tells it when this process is gone without a word.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  process.stdout.write(`${name} is process ${child.pid}\n`);
  child.once('close', (code, signal) => {
    process.stdout.write(`${name} (process ${child.pid}) ended: ${signal ?? `exit code ${code}`}\n`);
  });
  return child;
}
