/**
 * `node test/dist/bench/run-demo.js [RELEASES]`: how long after a release has been asked for the demo behaves by it.
 * The mesh of `apps/demo` runs as processes on an embedded Corral. A customer asks for prices again and again, one request after the
 * other, so what is measured holds: writing the release, telling two subscribers, validating it, and one to two HTTP requests.
 */
import { startCorral } from '../interop/harness/index.js';
import { DemoMesh } from '../e2e/demo/demo-mesh.js';
import { percentile } from './statistics.js';

const RELEASES_DEFAULT = 200;
const PERCENT_MAX = 90;
/** Releases of a run do not pile up: the debounce of a subscription is not what is measured. */
const PAUSE_MS = 100;
const GOAL_P99_MS = 100;

async function measure(mesh: DemoMesh, count: number): Promise<number[]> {
  const latenciesMs: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const percent = (round % PERCENT_MAX) + 1;
    const askedMs = performance.now();
    const published = mesh.publish({ percent, label: `round ${round}` });
    // Both instances must have it: two answers in a row, by two instances, since they take turns.
    for (let inForce = 0; inForce < 2;) {
      const { pricing } = await mesh.page('products');
      inForce = pricing.discountPercent === percent ? inForce + 1 : 0;
    }
    latenciesMs.push(performance.now() - askedMs);
    await published;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return latenciesMs;
}

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? RELEASES_DEFAULT);
  const server = await startCorral();
  const mesh = new DemoMesh(server.clientPort);
  try {
    for (const name of ['catalog', 'pricing', 'pricing 2', 'storefront']) mesh.start(name);
    for (const [service, instances] of [
      ['catalog', 1],
      ['pricing', 2],
      ['storefront', 1],
    ] as const) {
      await mesh.untilRegistered(service, instances);
    }
    await measure(mesh, 20);
    const latenciesMs = await measure(mesh, count);
    const [p50, p99, worst] = [50, 99, 100].map((percent) => percentile(latenciesMs, percent).toFixed(1));
    process.stdout.write(
      `from a release to changed behaviour of every instance, ${count} releases: p50 ${p50} ms, p99 ${p99} ms, worst ${worst} ms (goal: p99 ${GOAL_P99_MS} ms)\n`,
    );
  } finally {
    await mesh.stop();
    await server.stop();
  }
}

await main();
