/** Nest around the parts of a platform: HTTP and gRPC. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { problemOf } from './errors/problem-of.js';
import { connectGrpc } from './grpc/connect-grpc.js';
import { answerClientError } from './http/client-error.js';
import { readJsonBodies } from './http/json-body.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RequestEdge } from './http/request-edge.js';
import { requestIdOf } from './http/request-id.js';
import { RouteTable } from './http/route-table.js';
import { sendProblem } from './http/send-problem.js';
import { InputPipe } from './input/input.pipe.js';
import { NestLogger } from './logging/nest-logger.js';
import { openApiDocument, serveDocs } from './openapi/docs.js';
import { PlatformModule } from './platform.module.js';
import type { PlatformParts } from './platform-parts.js';
import { AccessGuard } from './security/access.guard.js';

/** A request that has not sent its headers and body in this time never will. */
const REQUEST_MS_MAX = 30_000;
const HEADERS_MS_MAX = 10_000;
/** As long as Node lets a path become: names that are too long are told so where names are checked. */
const PATH_PART_LENGTH_MAX = 16_384;
/** How long answers under way may take once the platform stops. */
const CLOSE_MS_MAX = 3_000;

/** What listens. */
export interface Edge {
  readonly httpPort: number;
  /** `undefined`: gRPC is off. */
  readonly grpcPort: number | undefined;
  /** Ends streams, lets what is under way end, and closes the ports. */
  close(): Promise<void>;
}

/** Puts Nest around the parts and listens. */
export async function startEdge(parts: PlatformParts): Promise<Edge> {
  const { config, log, authenticator } = parts;
  const application = await NestFactory.create<NestFastifyApplication>(PlatformModule.around(parts), fastify(parts), {
    logger: new NestLogger(log),
    bodyParser: false,
    abortOnError: false,
  });
  const document = openApiDocument(application);
  let routes: RouteTable | undefined;
  application.useGlobalPipes(new InputPipe());
  application.useGlobalGuards(new AccessGuard(authenticator));
  application.useGlobalFilters(new ProblemFilter(log, () => (routes ??= new RouteTable(document()))));
  serveDocs(application, document);
  try {
    const grpcPort = config.grpcEnabled ? await connectGrpc(application, parts) : undefined;
    const httpPort = await listenHttp(application, parts);
    return { httpPort, grpcPort, close: () => close(application, parts) };
  } catch (error) {
    await close(application, parts);
    throw error;
  }
}

function fastify(parts: PlatformParts): FastifyAdapter {
  const options: FastifyServerOptions = {
    bodyLimit: parts.config.bodyBytesMax,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: PATH_PART_LENGTH_MAX },
    clientErrorHandler: answerClientError,
    // What is under way is answered; those who watch are told by us that we are stopping.
    return503OnClosing: false,
    // A path that cannot be routed meets no hook.
    frameworkErrors: (error, request, reply) => sendProblem(reply.header('X-Request-Id', request.id), problemOf(error)),
  };
  // There are no middlewares, so nothing that runs them is needed.
  const adapter = new FastifyAdapter({ ...options, skipMiddie: true });
  const server = adapter.getInstance();
  server.decorateRequest('caller');
  server.addHook('onRequest', new RequestEdge({ ...parts, nowMs: () => performance.now() }).handle);
  readJsonBodies(server);
  return adapter;
}

async function listenHttp(application: NestFastifyApplication, { config }: PlatformParts): Promise<number> {
  const server: HttpServer = application.getHttpServer();
  server.maxConnections = config.connectionsMax;
  server.requestTimeout = REQUEST_MS_MAX;
  server.headersTimeout = HEADERS_MS_MAX;
  await application.listen(config.httpPort, config.httpAddress);
  return (server.address() as AddressInfo).port;
}

async function close(application: NestFastifyApplication, { streams }: PlatformParts): Promise<void> {
  const server: HttpServer = application.getHttpServer();
  streams.stop();
  const closed = application.close();
  server.closeIdleConnections();
  const impatience = setTimeout(() => server.closeAllConnections(), CLOSE_MS_MAX);
  await closed;
  clearTimeout(impatience);
}
