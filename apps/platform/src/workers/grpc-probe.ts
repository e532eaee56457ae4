/** The check that asks an instance for its health by gRPC's own protocol. */
import {
  type ChannelCredentials,
  type Client,
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { Probe } from '@corral/registry';
import { PROTO_ROOT } from '../grpc/proto-root.js';

/** What `grpc.health.v1.Health` has for us. */
interface HealthClient extends Client {
  check(
    request: { readonly service: string },
    done: (error: ServiceError | null, reply?: { readonly status: string }) => void,
  ): { cancel(): void };
}

let constructor: ServiceClientConstructor | undefined;

/** Passes when the instance answers SERVING. */
export const grpcProbe: Probe = async ({ instance, check, signal }) => {
  if (check.kind !== 'grpc') throw new TypeError(`a check of kind ${check.kind} is not for gRPC`);
  constructor ??= loadHealthService();
  const isTls = check.tls === true;
  const port = check.port ?? (isTls ? instance.sslPort : undefined) ?? instance.port;
  const host = instance.address.includes(':') ? `[${instance.address}]` : instance.address;
  const channel = isTls ? anyCertificate() : credentials.createInsecure();
  const client = new constructor(`${host}:${port}`, channel) as unknown as HealthClient;
  try {
    const status = await askForStatus(client, check.serviceName ?? '', signal);
    if (status !== 'SERVING') throw new Error(`the instance says ${status}`);
  } finally {
    client.close();
  }
};

/** Of a certificate nothing is asked, as over HTTP: what counts is that somebody answers. */
function anyCertificate(): ChannelCredentials {
  return credentials.createSsl(null, null, null, { rejectUnauthorized: false });
}

function askForStatus(client: HealthClient, service: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = client.check({ service }, (error, reply) => {
      if (error === null) resolve(reply?.status ?? 'UNKNOWN');
      else reject(error);
    });
    signal.addEventListener('abort', () => call.cancel(), { once: true });
  });
}

function loadHealthService(): ServiceClientConstructor {
  const definition = loadSync('grpc/health/v1/health.proto', {
    includeDirs: [PROTO_ROOT],
    enums: String,
    defaults: true,
  });
  const at = ['grpc', 'health', 'v1', 'Health'].reduce<unknown>(
    (found, name) => (found as GrpcObject)[name],
    loadPackageDefinition(definition),
  );
  return at as ServiceClientConstructor;
}
