/** The demo: the whole mesh, one of its services, or a release of its configuration. */

const USAGE = `usage: node apps/demo/dist/main.js                            the whole mesh
       node apps/demo/dist/main.js catalog|pricing|storefront one service
       node apps/demo/dist/main.js discount PERCENT [LABEL]   release a configuration
`;

const [command, ...rest] = process.argv.slice(2);

// Loaded when asked for: Nest takes half a second, and the mesh's parent does not need it.
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
