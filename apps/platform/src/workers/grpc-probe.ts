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
import { portOf, type Probe } from '@corral/registry';
import { PROTO_ROOT } from '../grpc/proto-root.js';

/** What `grpc.health.v1.Health` has for us. */
interface HealthClient extends Client {
  check(
    request: { readonly service: string },
    done: (error: ServiceError | null, reply?: { readonly status: string }) => void,
  ): { cancel(): void };
}

let constructor: ServiceClientConstructor | undefined;

/** An instance did not say over gRPC that it serves. The message is for people, who find it beside the verdict. */
export class GrpcProbeError extends Error {
  override readonly name = 'GrpcProbeError';
}

/** Passes when the instance answers SERVING. @throws GrpcProbeError */
export const grpcProbe: Probe = async (target) => {
  const { instance, check, signal } = target;
  if (check.kind !== 'grpc') throw new TypeError(`a check of kind ${check.kind} is not for gRPC`);
  constructor ??= loadHealthService();
  const isTls = check.tls === true;
  const host = instance.address.includes(':') ? `[${instance.address}]` : instance.address;
  const channel = isTls ? anyCertificate() : credentials.createInsecure();
  const client = new constructor(`${host}:${portOf(target)}`, channel) as unknown as HealthClient;
  try {
    const status = await askForStatus(client, check.serviceName ?? '', signal);
    if (status !== 'SERVING') throw new GrpcProbeError(`the instance says ${status}`);
  } catch (error) {
    throw error instanceof GrpcProbeError ? error : new GrpcProbeError(reasonOf(error, isTls), { cause: error });
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

/** What gRPC makes of a connection that does not come about is long, and says the cause in the middle. */
function reasonOf(error: unknown, isTls: boolean): string {
  const { details, message } = error as ServiceError;
  const text = details ?? message;
  if (isTls && text.includes('wrong version number'))
    return 'the server does not speak TLS at this port; check.tls says so';
  if (/alert certificate required|alert handshake failure/.test(text))
    return 'the server asks for a certificate, and checks have none';
  const cause = /Last error: (?:Error: )?([^\n]*?)\.?(?: Resolution note:.*)?$/s.exec(text)?.[1] ?? text;
  if (cause.startsWith('Failed to connect') && !isTls) return 'the server ends the connection; it may want check.tls';
  return cause;
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
