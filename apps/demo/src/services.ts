/** How each service of the mesh is started, in the foreground, as a process of its own. */
import 'reflect-metadata';
import type { Server } from 'node:net';
import { ServiceRegistrar } from '@corral/nest';
import { Logger, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { CatalogModule } from './catalog/catalog.module.js';
import { PricingModule } from './pricing/pricing.module.js';
import { settings } from './settings.js';
import { StorefrontModule } from './storefront/storefront.module.js';

const STOREFRONT_PORT = 3000;

// Started by `mesh.ts` and left alone: there is no mesh any more.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

/** By the name that the command line knows. */
export const services = {
  catalog: () => startMicroservice(CatalogModule),
  pricing: () => startMicroservice(PricingModule),
  storefront: () => startHttp(StorefrontModule),
} as const;

/** A name of a service. */
export type ServiceName = keyof typeof services;

/** Nest's TCP transport on a free port. It says itself when it listens, and is registered then. */
async function startMicroservice(module: Type): Promise<void> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
    abortOnError: false,
    transport: Transport.TCP,
    options: { host: settings.host, port: settings.port(0) },
  });
  app.enableShutdownHooks();
  await app.listen();
  app.get(ServiceRegistrar).announce(app.unwrap<Server>());
}

/** HTTP registers itself when it listens. */
async function startHttp(module: Type): Promise<void> {
  const app = await NestFactory.create(module, { abortOnError: false });
  app.enableShutdownHooks();
  await app.listen(settings.port(STOREFRONT_PORT), settings.host);
  new Logger('Demo').log(`listening at ${await app.getUrl()}`);
}
