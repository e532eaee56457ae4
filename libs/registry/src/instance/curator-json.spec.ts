import { describe, expect, it } from '@jest/globals';
import { InstanceFormatError } from '../errors.js';
import { decodeInstance, encodeInstance, type RegisteredInstance } from './curator-json.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

const full: RegisteredInstance = {
  service: 'pricing',
  id: 'a-1',
  address: '10.0.0.1',
  port: 8080,
  sslPort: 8443,
  metadata: { team: 'shop' },
  zone: 'eu-1',
  weight: 3,
  version: '2.1',
  status: 'DRAINING',
  check: { kind: 'http', path: '/health', rise: 1 },
  registeredAtMs: 1_700_000_000_000,
  serviceType: 'DYNAMIC',
  lease: { leaseId: 'l-1', ttlMs: 5000 },
  uriSpec: { parts: [{ value: 'scheme', variable: true }] },
};

describe('the JSON of an instance', () => {
  it('gives back every field that was written', () => {
    expect(decodeInstance('pricing', 'a-1', bytes(encodeInstance(full)))).toEqual(full);
  });

  it('has all fields that Curator writes, absent ones as null', () => {
    const { service, id, address, metadata, weight, registeredAtMs, serviceType } = full;
    const text = encodeInstance({
      service,
      id,
      address,
      metadata: {},
      weight,
      status: 'UP',
      registeredAtMs,
      serviceType,
    });
    expect(JSON.parse(text)).toEqual({
      name: 'pricing',
      id: 'a-1',
      address: '10.0.0.1',
      port: null,
      sslPort: null,
      payload: null,
      registrationTimeUTC: 1_700_000_000_000,
      serviceType: 'DYNAMIC',
      uriSpec: null,
      enabled: true,
      corral: { status: 'UP', weight: 3 },
    });
    expect(metadata).toEqual({ team: 'shop' });
  });

  it('tells Curator that an instance which is not UP is not enabled', () => {
    expect(JSON.parse(encodeInstance(full))).toMatchObject({ enabled: false });
  });

  it("holds Spring's payload when told to: metadata and status, of which nothing comes back as metadata of its own", () => {
    const { metadata: _none, ...plain } = full;
    for (const [status, told] of [
      ['UP', 'UP'],
      ['DRAINING', 'OUT_OF_SERVICE'],
    ] as const) {
      const text = encodeInstance({ ...full, status }, 'spring');
      expect(JSON.parse(text)).toMatchObject({
        payload: {
          '@class': 'org.springframework.cloud.zookeeper.discovery.ZookeeperInstance',
          name: 'pricing',
          metadata: { team: 'shop', instance_status: told },
        },
      });
      const bare = encodeInstance({ ...plain, status, metadata: {} }, 'spring');
      expect(decodeInstance('pricing', 'a-1', bytes(bare))).toEqual({ ...plain, status, metadata: {} });
    }
  });

  it.each([
    [{ port: 80 }, 'scheme://address:port'],
    [{ port: 80, sslPort: 443 }, 'scheme://address:ssl-port'],
    [{}, 'scheme://address'],
  ])('tells Spring how to make a URI of %j, unless the instance says it', (ports, made) => {
    const { port: _port, sslPort: _sslPort, uriSpec: _uriSpec, ...portless } = full;
    const written = JSON.parse(encodeInstance({ ...portless, ...ports }, 'spring')) as RegisteredInstance;
    expect(written.uriSpec?.parts.map(({ value }) => value).join('')).toBe(made);
    expect(JSON.parse(encodeInstance(full, 'spring'))).toMatchObject({ uriSpec: full.uriSpec });
  });

  it("is read from Spring Cloud Zookeeper's, with metadata and status", () => {
    const read = (status: string): RegisteredInstance =>
      decodeInstance(
        'web',
        'x',
        bytes(`{"name":"web","id":"x","address":"h","port":80,"sslPort":null,"payload":{"@class":
          "org.springframework.cloud.zookeeper.discovery.ZookeeperInstance","id":"application-1","name":"web",
          "metadata":{"instance_status":"${status}","a":"b"}},"registrationTimeUTC":5,"serviceType":"DYNAMIC",
          "uriSpec":{"parts":[{"value":"scheme","variable":true},{"value":"://","variable":false}]}}`),
      );
    expect(read('UP')).toMatchObject({ status: 'UP', port: 80, metadata: { a: 'b' }, registeredAtMs: 5 });
    expect(read('UP').uriSpec?.parts[1]).toEqual({ value: '://', variable: false });
    expect(read('OUT_OF_SERVICE').status).toBe('DOWN');
  });

  it('is read whatever the payload is, and whatever fields a later version adds', () => {
    for (const payload of ['null', '"text"', '7', '["java.lang.Long",1]', '{"@class":"com.shop.Details","x":1}']) {
      const read = decodeInstance(
        's',
        'i',
        bytes(`{"address":"h","payload":${payload},"new":{"a":1},"enabled":false}`),
      );
      expect(read).toEqual({
        service: 's',
        id: 'i',
        address: 'h',
        metadata: {},
        weight: 1,
        status: 'DOWN',
        registeredAtMs: 0,
        serviceType: 'DYNAMIC',
      });
    }
  });

  it('does without what has a wrong type', () => {
    const text =
      '{"address":"h","port":"80","registrationTimeUTC":"x","serviceType":7,"corral":{"weight":-1,"zone":5,"check":"x"}}';
    expect(decodeInstance('s', 'i', bytes(text))).toMatchObject({
      weight: 1,
      registeredAtMs: 0,
      serviceType: 'DYNAMIC',
    });
  });

  it.each(['', 'no json', '[]', 'null', '"x"', '{}', '{"address":""}', '{"address":7}'])(
    'is refused when it is %j',
    (text) => {
      expect(() => decodeInstance('s', 'i', bytes(text))).toThrow(InstanceFormatError);
    },
  );
});
