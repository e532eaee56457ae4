import { describe, expect, it } from '@jest/globals';
import { InvalidInstanceError } from '../errors.js';
import { checkInstanceSpec, checkServiceName } from './check-instance.js';
import type { InstanceSpec } from './instance.js';

const plain: InstanceSpec = { service: 'web', address: '10.0.0.1', port: 80 };

function fieldOf(change: Record<string, unknown>): string {
  try {
    checkInstanceSpec({ ...plain, ...change });
  } catch (error) {
    if (error instanceof InvalidInstanceError) return error.field;
    throw error;
  }
  return 'none';
}

describe('the check of an instance', () => {
  it('lets a whole one through, and drops what does not belong to it', () => {
    const spec: InstanceSpec = {
      ...plain,
      id: 'i-1',
      sslPort: 443,
      metadata: { a: 'b' },
      zone: 'z',
      weight: 0,
      version: '1',
      status: 'DOWN',
      check: { kind: 'http', path: '/health?x=1', statuses: [200, 204], intervalMs: 1000 },
      uriSpec: { parts: [{ value: 'scheme', variable: true }] },
    };
    expect(checkInstanceSpec({ ...spec, other: 1 } as InstanceSpec)).toEqual(spec);
  });

  it.each([
    [{ service: '' }, 'service'],
    [{ service: '..' }, 'service'],
    [{ service: 'shop 😀' }, 'service'],
    [{ id: '😀' }, 'id'],
    [{ service: 'a/b' }, 'service'],
    [{ service: 'a\0b' }, 'service'],
    [{ id: '.' }, 'id'],
    [{ id: 7 }, 'id'],
    [{ id: 'x'.repeat(256) }, 'id'],
    [{ address: undefined }, 'address'],
    [{ port: 0 }, 'port'],
    [{ port: 65_536 }, 'port'],
    [{ sslPort: 1.5 }, 'sslPort'],
    [{ metadata: [] }, 'metadata'],
    [{ metadata: { team: 1 } }, 'metadata.team'],
    [{ metadata: { team: 'x'.repeat(5000) } }, 'metadata.team'],
    [{ metadata: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, 'v'])) }, 'metadata'],
    [{ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, 'é'.repeat(4096)])) }, 'instance'],
    [{ weight: -1 }, 'weight'],
    [{ weight: Number.NaN }, 'weight'],
    [{ status: 'up' }, 'status'],
    [{ check: { kind: 'ping' } }, 'check.kind'],
    [{ check: { kind: 'http', path: 'health' } }, 'check.path'],
    [{ check: { kind: 'tcp', intervalMs: 1 } }, 'check.intervalMs'],
    [{ check: { kind: 'tcp' }, port: undefined }, 'check.port'],
    [{ uriSpec: { parts: [{ value: 'x', variable: 'yes' }] } }, 'uriSpec.parts.0.variable'],
  ])('refuses %j and names %s', (change, field) => {
    expect(fieldOf(change)).toBe(field);
  });

  it('lets a name of any script through', () => {
    expect(checkServiceName('prix-élevé')).toBe('prix-élevé');
  });
});
