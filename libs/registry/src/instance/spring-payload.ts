/** What Spring Cloud Zookeeper's programs look for in an instance beside what Curator has fields for. */
import type { InstanceStatus, UriSpec } from './instance.js';

/** Of an instance, what Spring's programs are told. */
export interface SpringInstance {
  readonly service: string;
  readonly id: string;
  readonly port?: number;
  readonly sslPort?: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly status: InstanceStatus;
  readonly uriSpec?: UriSpec;
}

const PAYLOAD_CLASS = 'org.springframework.cloud.zookeeper.discovery.ZookeeperInstance';
/** The entry of the metadata that holds the status. Spring's load balancer passes by whoever has another than `UP` there. */
const STATUS_KEY = 'instance_status';

/** The payload with the metadata, in the class that Spring's programs are built with. */
export function springPayload({ service, id, metadata, status }: SpringInstance): object {
  return {
    '@class': PAYLOAD_CLASS,
    id: `${service}:${id}`,
    name: service,
    metadata: { ...metadata, [STATUS_KEY]: status === 'UP' ? 'UP' : 'OUT_OF_SERVICE' },
  };
}

/** The instance's own recipe for its URI, else the usual one: Spring's programs ask the recipe even where address and port would do. */
export function springUriSpec({ port, sslPort, uriSpec }: SpringInstance): UriSpec {
  if (uriSpec !== undefined) return uriSpec;
  const parts = [variable('scheme'), literal('://'), variable('address')];
  // For Curator the scheme is https as soon as there is an `sslPort`, so that must be the port then.
  if (sslPort !== undefined) parts.push(literal(':'), variable('ssl-port'));
  else if (port !== undefined) parts.push(literal(':'), variable('port'));
  return { parts };
}

/** The status that one of Spring's programs has in its metadata, if it has one. */
export function springStatus(metadata: Readonly<Record<string, string>>): string | undefined {
  return metadata[STATUS_KEY];
}

function literal(value: string): UriSpec['parts'][number] {
  return { value, variable: false };
}

function variable(value: string): UriSpec['parts'][number] {
  return { value, variable: true };
}
