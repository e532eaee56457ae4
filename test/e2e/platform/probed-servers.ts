/** Servers as a platform finds them when it checks instances: well, unwell, silent. */
import { Server as GrpcServer, type GrpcObject, loadPackageDefinition, ServerCredentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Certificate } from '../../interop/client/certificates.js';
import { repositoryRoot } from '../../interop/harness/repository.js';

/** What a server makes of a request: an HTTP status, or nothing at all. */
export type Behaviour = number | 'silent';

/** The servers of a test, closed together. */
export class ProbedServers {
  readonly #closers: (() => void)[] = [];

  /** An HTTP server; what it does may change. */
  async http(behaviour: Behaviour): Promise<{ readonly port: number; behaves(behaviour: Behaviour): void }> {
    let now = behaviour;
    const server = createHttpServer((_request, response) => {
      if (now !== 'silent') response.writeHead(now).end();
    });
    return { port: await this.#listen(server), behaves: (next) => (now = next) };
  }

  /** An HTTPS server that answers 204. */
  https({ key, cert }: Certificate): Promise<number> {
    return this.#listen(createHttpsServer({ key, cert }, (_request, response) => response.writeHead(204).end()));
  }

  /** A server that accepts connections and never says anything. */
  tcp(): Promise<number> {
    return this.#listen(createServer());
  }

  /** A port at which nobody listens. */
  async refused(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  /** A gRPC server with the standard health service; what it says may change. Without credentials it speaks no TLS. */
  async grpc(
    status: string,
    speaking = ServerCredentials.createInsecure(),
  ): Promise<{ readonly port: number; says(status: string): void }> {
    let now = status;
    const definition = loadSync('grpc/health/v1/health.proto', {
      includeDirs: [join(repositoryRoot(), 'apps/platform/proto')],
      enums: String,
    });
    const health = ['grpc', 'health', 'v1', 'Health'].reduce<unknown>(
      (at, name) => (at as GrpcObject)[name],
      loadPackageDefinition(definition),
    );
    const server = new GrpcServer();
    server.addService((health as { service: never }).service, {
      Check: (_call: unknown, done: (error: null, reply: object) => void) => done(null, { status: now }),
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', speaking, (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    this.#closers.push(() => server.forceShutdown());
    return { port, says: (next) => (now = next) };
  }

  close(): void {
    for (const close of this.#closers) close();
  }

  async #listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    });
    this.#closers.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
}
