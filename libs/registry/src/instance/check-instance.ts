import { pathFault } from '@corral/model';
import { flag, given, kindOf, number, oneOf, record, shown, text, whole } from '../check-value.js';
import { InvalidInstanceError } from '../errors.js';
import { limits } from './limits.js';
import type { HealthCheckSpec, InstanceSpec, InstanceStatus, UriSpec } from './instance.js';

/*
 * What comes from outside is checked once, here, and what does not belong to it is dropped. Names and ids become parts of znode paths:
 * no slash, no control character (NUL among them), and neither `.` nor `..`.
 */

const STATUSES: readonly InstanceStatus[] = ['UP', 'DOWN', 'DRAINING'];

/** Checks the name of a service. @throws InvalidInstanceError */
export function checkServiceName(name: unknown): string {
  return pathPart('service', name);
}

/** Checks the id of an instance. @throws InvalidInstanceError */
export function checkInstanceId(id: unknown): string {
  return pathPart('id', id);
}

/** Checks what an instance says of itself. @throws InvalidInstanceError that names the field */
export function checkInstanceSpec(spec: InstanceSpec): InstanceSpec {
  record('instance', spec);
  const checked = {
    service: checkServiceName(spec.service),
    ...given('id', spec.id, checkInstanceId),
    address: text('address', spec.address),
    ...given('port', spec.port, (value) => port('port', value)),
    ...given('sslPort', spec.sslPort, (value) => port('sslPort', value)),
    ...given('metadata', spec.metadata, metadata),
    ...given('zone', spec.zone, (value) => text('zone', value)),
    ...given('weight', spec.weight, (value) => number('weight', value, 0, limits.weightMax)),
    ...given('version', spec.version, (value) => text('version', value)),
    ...given('status', spec.status, status),
    ...given('check', spec.check, (value) => check(value, spec)),
    ...given('uriSpec', spec.uriSpec, uriSpec),
  };
  const sizeBytes = Buffer.byteLength(JSON.stringify(checked));
  if (sizeBytes <= limits.instanceBytesMax) return checked;
  const most = `at most ${limits.instanceBytesMax} are allowed`;
  throw new InvalidInstanceError('instance', `has ${sizeBytes} bytes as JSON; ${most}`);
}

/** Checks how long an instance is shown as draining. @throws InvalidInstanceError */
export function checkGrace(graceMs: unknown): void {
  whole('graceMs', graceMs, 0, limits.drainGraceMsMax);
}

function pathPart(field: string, value: unknown): string {
  const name = text(field, value);
  if (name === '.' || name === '..' || name.includes('/')) {
    throw new InvalidInstanceError(field, `must be no path, not ${JSON.stringify(name)}`);
  }
  // Of what a text may hold, ZooKeeper refuses in a path what lies beyond the basic plane, such as emoji.
  if (pathFault(`/${name}`) !== undefined) {
    throw new InvalidInstanceError(field, 'has a character that the name of a znode cannot hold');
  }
  return name;
}

function port(field: string, value: unknown): number {
  return whole(field, value, 1, 65_535);
}

function status(value: unknown): InstanceStatus {
  return oneOf('status', value, STATUSES);
}

function metadata(value: unknown): Record<string, string> {
  const entries = Object.entries(record('metadata', value));
  if (entries.length > limits.metadataEntriesMax) {
    throw new InvalidInstanceError(
      'metadata',
      `has ${entries.length} entries; at most ${limits.metadataEntriesMax} are allowed`,
    );
  }
  const checked: [string, string][] = [];
  for (const [key, entry] of entries) {
    const field = `metadata.${key.slice(0, limits.metadataKeyLengthMax)}`;
    if (key === '' || key.length > limits.metadataKeyLengthMax) {
      throw new InvalidInstanceError(field, `the key must have 1 to ${limits.metadataKeyLengthMax} characters`);
    }
    if (typeof entry !== 'string') throw new InvalidInstanceError(field, `must be a string, not ${kindOf(entry)}`);
    if (entry.length > limits.metadataValueLengthMax) {
      throw new InvalidInstanceError(field, `must have at most ${limits.metadataValueLengthMax} characters`);
    }
    checked.push([key, entry]);
  }
  return Object.fromEntries(checked);
}

function check(value: unknown, instance: InstanceSpec): HealthCheckSpec {
  const spec = record('check', value);
  const timing = {
    ...given('intervalMs', spec['intervalMs'], (each) =>
      whole('check.intervalMs', each, limits.checkIntervalMsMin, limits.checkIntervalMsMax),
    ),
    ...given('timeoutMs', spec['timeoutMs'], (each) =>
      whole('check.timeoutMs', each, limits.checkTimeoutMsMin, limits.checkTimeoutMsMax),
    ),
    ...given('rise', spec['rise'], (each) => whole('check.rise', each, 1, limits.checksInARowMax)),
    ...given('fall', spec['fall'], (each) => whole('check.fall', each, 1, limits.checksInARowMax)),
    ...given('port', spec['port'], (each) => port('check.port', each)),
  };
  const tls = given('tls', spec['tls'], (each) => flag('check.tls', each));
  if ((spec['port'] ?? (tls.tls === true ? instance.sslPort : undefined) ?? instance.port) === undefined) {
    throw new InvalidInstanceError('check.port', 'must be given, because the instance has no port');
  }
  switch (spec['kind']) {
    case 'tcp':
      return { kind: 'tcp', ...timing };
    case 'http':
      return {
        kind: 'http',
        ...timing,
        ...tls,
        ...given('path', spec['path'], urlPath),
        ...given('statuses', spec['statuses'], statuses),
      };
    case 'grpc':
      return {
        kind: 'grpc',
        ...timing,
        ...tls,
        ...given('serviceName', spec['serviceName'], (each) => text('check.serviceName', each)),
      };
    default:
      throw new InvalidInstanceError('check.kind', `must be one of http, tcp, grpc, not ${shown(spec['kind'])}`);
  }
}

function urlPath(value: unknown): string {
  const path = text('check.path', value);
  if (/^\/[^\s]*$/u.test(path)) return path;
  throw new InvalidInstanceError(
    'check.path',
    `must begin with a slash and hold no blank, not ${JSON.stringify(path)}`,
  );
}

function statuses(value: unknown): number[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > limits.checksInARowMax) {
    throw new InvalidInstanceError('check.statuses', `must be a list of 1 to ${limits.checksInARowMax} HTTP statuses`);
  }
  return value.map((each, i) => whole(`check.statuses.${i}`, each, 100, 599));
}

function uriSpec(value: unknown): UriSpec {
  const parts = record('uriSpec', value)['parts'];
  if (!Array.isArray(parts) || parts.length > limits.uriPartsMax) {
    throw new InvalidInstanceError('uriSpec.parts', `must be a list of at most ${limits.uriPartsMax} parts`);
  }
  return {
    parts: parts.map((each: unknown, i) => {
      const part = record(`uriSpec.parts.${i}`, each);
      return {
        value: text(`uriSpec.parts.${i}.value`, part['value']),
        variable: flag(`uriSpec.parts.${i}.variable`, part['variable']),
      };
    }),
  };
}
