import type {
  GrpcCheckSpec,
  HealthCheckSpec,
  HttpCheckSpec,
  InstanceLease,
  ServiceInstance,
  TcpCheckSpec,
  UriSpec,
} from '@corral/registry';
import {
  always,
  choice,
  whole,
  either,
  flag,
  list,
  map,
  number,
  optional,
  part,
  record,
  type Schema,
  text,
  timeMs,
} from '../../openapi/schema.js';

const port = optional(whole("Another port than the instance's own", { example: 8081 }));
const tls = optional(flag('Whether it goes over TLS'));

const timing = {
  intervalMs: optional(whole('From one check to the next; 10000 without it', { example: 10_000 })),
  timeoutMs: optional(whole('How long one may take; 2000 without it', { example: 2_000 })),
  rise: optional(whole('Good ones in a row that make it passing; 2 without it')),
  fall: optional(whole('Bad ones in a row that make it failing; 3 without it')),
};

const httpCheck = record<HttpCheckSpec>('HttpCheck', 'A request that must be answered with 2xx, or one of `statuses`', {
  kind: choice('How it is checked', { http: '' }),
  path: optional(text('What is asked for; /health without it', { example: '/health' })),
  statuses: optional(list('What else than 2xx is good', whole('A status of HTTP'))),
  port,
  tls,
  ...timing,
});

const tcpCheck = record<TcpCheckSpec>('TcpCheck', 'A connection that must be accepted', {
  kind: choice('How it is checked', { tcp: '' }),
  port,
  ...timing,
});

const grpcCheck = record<GrpcCheckSpec>('GrpcCheck', 'The call grpc.health.v1.Health/Check, which must say SERVING', {
  kind: choice('How it is checked', { grpc: '' }),
  serviceName: optional(text('Whose health is asked for; the whole server without it')),
  port,
  tls,
  ...timing,
});

const check: Schema<HealthCheckSpec> = either(httpCheck, tcpCheck, grpcCheck);

const uriSpec = record<UriSpec>('UriTemplate', "How the instance's URI is made, as Curator keeps it", {
  parts: list(
    'One behind the other',
    part<UriSpec['parts'][number]>('A part', {
      value: text('A text, or the name of a variable such as scheme, address, port'),
      variable: flag('Whether it is a variable'),
    }),
  ),
});

const lease = record<InstanceLease>('InstanceLease', 'What keeps an instance that has no session of its own', {
  leaseId: text('Names the lease'),
  ttlMs: whole('How long the instance stays after its last heartbeat', { example: 15_000 }),
});

/** An instance. */
export const instance = record<ServiceInstance>('Instance', 'An instance of a service, as consumers see it', {
  service: text('The service', { example: 'pricing' }),
  id: text('Unique in the service', { example: 'pricing-1' }),
  address: text('Host name or IP address that consumers connect to', { example: '10.0.0.7' }),
  port: optional(whole('Where it listens', { example: 8080 })),
  sslPort: optional(whole('Where it listens for TLS', { example: 8443 })),
  metadata: map('Whatever consumers should know', text('A value'), { example: { team: 'shop' } }),
  zone: optional(text('Where it runs', { example: 'eu-1' })),
  weight: number('Its share of the load beside the others', { minimum: 0, example: 1 }),
  version: optional(text('Of its program', { example: '1.4.0' })),
  status: choice('What it says of itself', {
    UP: 'takes work',
    DOWN: 'does not',
    DRAINING: 'finishes what it has, and leaves soon',
  }),
  health: choice('What the checks of the platforms found', { passing: '', failing: '', unknown: 'nobody checks' }),
  check: optional(check),
  registeredAtMs: timeMs('When it registered, by its own clock'),
  serviceType: choice("Curator's kind of registration", {
    DYNAMIC: '',
    STATIC: '',
    PERMANENT: '',
    DYNAMIC_SEQUENTIAL: '',
  }),
  uriSpec: optional(uriSpec),
  lease: optional(lease),
  guarded: optional(
    always(
      'Its registration vanished together with many others; this is what was last known, until the matter is clear',
    ),
  ),
});
