/** Nest around a coordinator: life cycle and admin HTTP. Imported only once the member is on its way, because Nest is slow to load. */
import 'reflect-metadata';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { CoordinatorConfig } from './configuration/coordinator-config.js';
import { CoordinatorModule } from './coordinator.module.js';
import type { Logger } from './logging/line-logger.js';
import { NestLogger } from './logging/nest-logger.js';
import type { Coordinator } from './server/coordinator.js';
import { CoordinatorTransport } from './server/coordinator.transport.js';

const ADMIN_CONNECTIONS_MAX = 100;
const ADMIN_REQUEST_MS_MAX = 10_000;

/** A running application. */
export interface RunningApplication {
  /** Where the admin HTTP listens; `undefined`: it is off. */
  readonly adminPort: number | undefined;
  /** Stops the admin HTTP and the member. */
  close(): Promise<void>;
}

/** Starts the coordinator, unless that was begun already, and the admin HTTP beside it. */
export async function startNestApplication(
  config: CoordinatorConfig,
  coordinator: Coordinator,
  log: Logger,
): Promise<RunningApplication> {
  const module = CoordinatorModule.around(coordinator);
  const logger = new NestLogger(log);
  const strategy = new CoordinatorTransport(coordinator);
  if (!config.adminEnabled) {
    const service: INestMicroservice = await NestFactory.createMicroservice(module, {
      strategy,
      logger,
      abortOnError: false,
    });
    await service.listen();
    return { adminPort: undefined, close: () => service.close() };
  }
  const application = await NestFactory.create<NestExpressApplication>(module, {
    logger,
    // No request has a body, so nothing reads one.
    bodyParser: false,
    abortOnError: false,
    // The HTTP side closes before the member; nobody who keeps a connection open may hold that up.
    forceCloseConnections: true,
  });
  application.disable('x-powered-by').disable('etag');
  application.connectMicroservice({ strategy });
  await application.startAllMicroservices();
  try {
    return { adminPort: await listenAdmin(application, config), close: () => application.close() };
  } catch (error) {
    await application.close();
    throw error;
  }
}

async function listenAdmin(application: NestExpressApplication, config: CoordinatorConfig): Promise<number> {
  const server: HttpServer = application.getHttpServer();
  server.maxConnections = ADMIN_CONNECTIONS_MAX;
  server.requestTimeout = ADMIN_REQUEST_MS_MAX;
  server.headersTimeout = ADMIN_REQUEST_MS_MAX;
  await application.listen(config.adminPort, config.adminAddress);
  return (server.address() as AddressInfo).port;
}
