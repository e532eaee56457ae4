/**
 * The row of the demo: how long after a release has been asked for the mesh of `apps/demo` behaves by it, as processes on an embedded
 * Corral. A customer asks for prices again and again, one request after the other, so what is measured holds: writing the release, telling
 * two subscribers, validating it, and one to two HTTP requests.
 */
import { DemoMesh } from '../e2e/demo/demo-mesh.js';
import { startCorral } from '../interop/harness/index.js';
import { DEMO_GOAL } from './rows.js';
import { percentile } from './statistics.js';
import type { Figure } from './table.js';

const RELEASES = 100;
const WARMUP_RELEASES = 20;
const PERCENT_MAX = 90;
/** Releases of a run do not pile up: the debounce of a subscription is not what is measured. */
const PAUSE_MS = 100;

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

/** Measures it on Corral; there is nothing in Apache ZooKeeper to compare with. */
export async function measureDemo(progress: (line: string) => void): Promise<Figure[]> {
  progress(`the demo, ${RELEASES} releases`);
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
    await measure(mesh, WARMUP_RELEASES);
    const latenciesMs = await measure(mesh, RELEASES);
    const figure = (percent: number, goal?: Figure['goal']): Figure => ({
      title: `demo: a release in force everywhere p${percent}`,
      unit: 'ms',
      corral: percentile(latenciesMs, percent),
      apache: undefined,
      goal,
    });
    return [figure(50), figure(99, DEMO_GOAL)];
  } finally {
    await mesh.stop();
    await server.stop();
  }
}
