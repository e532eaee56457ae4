/** What the demo mesh does on any ensemble. Run on Corral by `demo-mesh.spec.ts`, on Apache ZooKeeper by `test/interop/demo`. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { RunningServer } from '../../interop/harness/index.js';
import { until } from '../until.js';
import { DemoMesh } from './demo-mesh.js';

const TEST_MS_MAX = 60_000;

/** Declares the tests. They build on each other: the mesh is started once. */
export function demoMeshSuite(startServer: () => Promise<RunningServer>): void {
  let server: RunningServer;
  let mesh: DemoMesh;

  beforeAll(async () => {
    server = await startServer();
    mesh = new DemoMesh(server.clientPort);
    for (const name of ['catalog', 'catalog 2', 'pricing', 'pricing 2', 'storefront']) mesh.start(name);
  }, TEST_MS_MAX);

  afterAll(async () => {
    await mesh.stop();
    await server.stop();
  }, TEST_MS_MAX);

  it('registers itself, under the ports it got', async () => {
    const pricing = await mesh.untilRegistered('pricing', 2);
    const catalog = await mesh.untilRegistered('catalog', 2);
    expect(new Set([...pricing, ...catalog]).size).toBe(4);
    expect([...pricing, ...catalog]).not.toContain(0);
  });

  it('finds each other, and spreads the load over both instances', async () => {
    const seen = new Set<string>();
    await until(
      'answers of both catalogs and both pricings',
      async () => {
        const { catalog, pricing } = await mesh.page('products');
        return seen.add(catalog.servedBy).add(pricing.servedBy);
      },
      ({ size }) => size === 4,
    );
    const pids = ['catalog', 'catalog 2', 'pricing', 'pricing 2'].map((name) => mesh.process(name).pid);
    expect([...seen].map((servedBy) => Number(servedBy.split(' ')[1])).sort()).toEqual(pids.sort());
  });

  it('changes its behaviour with a release, and no restart', async () => {
    expect((await mesh.page('products')).products).toContainEqual({
      sku: 'saddle',
      name: 'Saddle',
      priceCents: 24_900,
    });
    const acknowledgement = await mesh.release({ percent: 20, label: 'Sale' });
    expect(acknowledgement).toMatchObject({ subscribers: 2, acknowledged: 2, reached: true, failed: [] });
    for (const _instance of ['pricing', 'pricing 2']) {
      const { products, pricing } = await mesh.page('products');
      expect(products).toContainEqual({ sku: 'saddle', name: 'Saddle', priceCents: 19_920 });
      expect(pricing).toMatchObject({ discountPercent: 20, label: 'Sale', release: 1, isStale: false });
    }
  });

  it('refuses an invalid release, names the field, and goes on with the old one', async () => {
    const { acknowledged, failed } = await mesh.release({ percent: 95, label: 'Ruin' });
    expect(acknowledged).toBe(0);
    expect(failed.map(({ error }) => error)).toEqual(
      Array<unknown>(2).fill(expect.stringContaining('discount.percent: percent must not be greater than 90')),
    );
    expect((await mesh.page('products')).pricing).toMatchObject({ discountPercent: 20, release: 1 });
    // A refused release stays the newest one, on which no new instance would start, until there is a better one.
    expect(await mesh.release({ percent: 10, label: 'Sale' })).toMatchObject({ acknowledged: 2, failed: [] });
    expect((await mesh.page('products')).pricing).toMatchObject({ discountPercent: 10, release: 3 });
  });

  it('turns to the others when an instance is killed, and the registry forgets it', async () => {
    const before = await mesh.ports('pricing');
    await mesh.process('pricing').stop('SIGKILL');
    const survivor = `pricing ${mesh.process('pricing 2').pid}`;
    await until(
      'one instance of pricing',
      async () => {
        // Also while the dead one is still registered, customers notice nothing.
        expect((await mesh.page('products')).pricing.servedBy).toBe(survivor);
        return mesh.ports('pricing');
      },
      (ports) => ports.length === 1 && before.includes(ports[0] ?? 0),
    );
  });

  it('takes in a new instance, and lets one go that is stopped, without a failed request', async () => {
    const late = mesh.start('pricing 3');
    await mesh.untilRegistered('pricing', 2);
    await until(
      'an answer of the new instance',
      () => mesh.page('products'),
      ({ pricing }) => pricing.servedBy.endsWith(` ${late.pid}`),
    );
    let isStopped = false;
    const stopped = mesh
      .process('pricing 2')
      .stop('SIGTERM')
      .then(() => (isStopped = true));
    while (!isStopped) await mesh.page('products');
    await stopped;
    expect(await mesh.ports('pricing')).toHaveLength(1);
    expect((await mesh.page('products')).pricing.servedBy).toBe(`pricing ${late.pid}`);
  });

  it('goes on with what it knows while the ensemble is away, says so, and resumes by itself', async () => {
    await mesh.release({ percent: 30, label: 'Before the storm' });
    await server.stop();
    const away = await until(
      'a stale answer',
      () => mesh.page('products'),
      ({ pricing }) => pricing.isStale,
    );
    expect(away.pricing).toMatchObject({ discountPercent: 30, label: 'Before the storm' });
    expect((await mesh.page('health')).corral).toMatchObject({ status: 'degraded' });

    server = await server.restart();
    await until(
      'a fresh answer',
      () => mesh.page('products'),
      ({ pricing }) => !pricing.isStale,
    );
    await until(
      'good health',
      () => mesh.page('health'),
      ({ corral }) => corral['status'] === 'up',
    );
    expect(await mesh.untilRegistered('pricing', 1)).toHaveLength(1);
    expect(await mesh.release({ percent: 5, label: 'After it' })).toMatchObject({ acknowledged: 1, failed: [] });
    expect((await mesh.page('products')).pricing.discountPercent).toBe(5);
  });

  it('stops when it is told to, also without the ensemble', async () => {
    await server.stop();
    await until(
      'a stale answer',
      () => mesh.page('products'),
      ({ pricing }) => pricing.isStale,
    );
    const names = ['storefront', 'catalog', 'pricing 3'];
    await Promise.all(names.map((name) => mesh.process(name).stop('SIGTERM')));
    await expect(mesh.page('products')).rejects.toThrow();
  });
}
