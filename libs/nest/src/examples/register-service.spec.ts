/** Example: a service registers itself, is found, and leaves when it stops. */
import { afterEach, expect, it } from '@jest/globals';
import { Inject, Injectable } from '@nestjs/common';
import { ClientProxy } from '@nestjs/microservices';
import { Registry } from '@corral/registry';
import { lastValueFrom } from 'rxjs';
import type { ServicePool } from '../clients/service-pool.js';
import { CorralModule } from '../corral.module.js';
import { ServiceRegistrar } from '../registration/service-registrar.js';
import { startExample, stopExamples } from './example.fake.js';

const corral = {
  registerService: { name: 'pricing', version: '1.4', zone: 'north', metadata: { team: 'shop' }, drainGraceMs: 0 },
};

const CATALOG = Symbol('catalog');

@Injectable()
class Shelf {
  constructor(
    @Inject(CATALOG) readonly catalog: ClientProxy,
    private readonly registry: Registry,
  ) {}

  async catalogs(): Promise<string[]> {
    const instances = await this.registry.instances('catalog');
    return instances.map(({ address, port }) => `${address}:${port}`);
  }
}

afterEach(stopExamples);

it('registers what main.ts says it listens on, as HTTP applications do by themselves', async () => {
  const { app } = await startExample({ corral });
  await app.get(ServiceRegistrar).register({ address: '10.0.0.7', port: 4100 });

  expect(await app.get(Registry).instances('pricing')).toMatchObject([
    { address: '10.0.0.7', port: 4100, version: '1.4', zone: 'north', metadata: { team: 'shop' }, status: 'UP' },
  ]);
});

it('leaves before the application is down', async () => {
  const { app, observer } = await startExample({ corral });
  await app.get(ServiceRegistrar).register({ address: '10.0.0.7', port: 4100 });
  expect(await observer.children('/services/pricing')).toHaveLength(1);
  await app.close();
  expect(await observer.children('/services/pricing')).toEqual([]);
});

it('finds others by name, and has a client of them', async () => {
  const { app } = await startExample({
    corral: { registerService: { name: 'catalog' } },
    imports: [CorralModule.forClients([{ provide: CATALOG, service: 'catalog', strategy: 'least-outstanding' }])],
    providers: [Shelf],
  });
  const shelf = app.get(Shelf);
  await expect(lastValueFrom(shelf.catalog.send('catalog.list', {}))).rejects.toMatchObject({
    name: 'NoInstanceError',
  });

  await app.get(ServiceRegistrar).register({ address: '10.0.0.7', port: 4100 });
  const pool = shelf.catalog.unwrap<ServicePool>();
  await new Promise<void>((resolve) => {
    if (pool.instances.length > 0) resolve();
    else pool.onChange(resolve);
  });
  expect(await shelf.catalogs()).toEqual(['10.0.0.7:4100']);
  expect(pool.pick().instance).toMatchObject({ service: 'catalog', address: '10.0.0.7', port: 4100 });
});
