/** The demo: the whole mesh, one of its services, or a release of its configuration. */
import { systemFaultInWords } from '@corral/primitives';
import { DemoError } from './demo-error.js';

const USAGE = `usage: node apps/demo/dist/main.js                            the whole mesh
       node apps/demo/dist/main.js catalog|pricing|storefront one service
       node apps/demo/dist/main.js discount PERCENT [LABEL]   release a configuration
`;

try {
  await run(process.argv.slice(2));
} catch (error) {
  const sentence = error instanceof DemoError ? error.message : systemFaultInWords(error, 'the demo');
  if (sentence === undefined) throw error;
  process.stderr.write(`demo: ${sentence}\n`);
  // What has started of a service would go on.
  process.exit(1);
}

/** Everything is loaded when it is asked for: Nest takes half a second, and the mesh's parent does not need it. */
async function run([command, ...rest]: readonly string[]): Promise<void> {
  if (command === undefined) {
    const { startMesh } = await import('./mesh.js');
    await startMesh();
  } else if (command === 'discount' && rest[0] !== undefined) {
    const { publishDiscount } = await import('./publish-discount.js');
    const { lines, isInForce } = await publishDiscount(rest[0], rest[1]);
    for (const line of lines) process.stdout.write(`${line}\n`);
    if (!isInForce) process.exitCode = 1;
  } else if (command === 'catalog' || command === 'pricing' || command === 'storefront') {
    const { services } = await import('./services.js');
    await services[command]();
  } else {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  }
}
