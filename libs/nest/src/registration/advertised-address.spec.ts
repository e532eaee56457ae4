import { describe, expect, it } from '@jest/globals';
import { advertisedAddress, type AddressFacts } from './advertised-address.js';

const container: AddressFacts = {
  configured: undefined,
  bound: '::',
  towardsEnsemble: '172.18.0.5',
  interfaces: [
    { address: '127.0.0.1', family: 'IPv4', internal: true },
    { address: '10.9.0.2', family: 'IPv4', internal: false },
    { address: '172.18.0.5', family: 'IPv4', internal: false },
    { address: 'fe80::42', family: 'IPv6', internal: false },
    { address: '2001:db8::5', family: 'IPv6', internal: false },
  ],
};

describe('the address that is registered', () => {
  it('is the configured one, even where nothing here has it', () => {
    expect(advertisedAddress({ ...container, configured: 'pricing.example.org' })).toBe('pricing.example.org');
  });

  it('is the one the server is bound to', () => {
    expect(advertisedAddress({ ...container, bound: '10.9.0.2' })).toBe('10.9.0.2');
    expect(advertisedAddress({ ...container, bound: '::ffff:10.9.0.2' })).toBe('10.9.0.2');
  });

  it('is loopback when the server listens there only: any other would be a lie', () => {
    expect(advertisedAddress({ ...container, bound: '127.0.0.1' })).toBe('127.0.0.1');
  });

  it('is that of the interface towards the ensemble, of several', () => {
    expect(advertisedAddress(container)).toBe('172.18.0.5');
    expect(advertisedAddress({ ...container, towardsEnsemble: '::ffff:172.18.0.5' })).toBe('172.18.0.5');
  });

  it('is never an IPv6 address for a server that hears IPv4 only', () => {
    expect(advertisedAddress({ ...container, bound: '0.0.0.0', towardsEnsemble: '2001:db8::5' })).toBe('10.9.0.2');
  });

  it('is the first that is not loopback while no route to the ensemble is known', () => {
    expect(advertisedAddress({ ...container, towardsEnsemble: undefined })).toBe('10.9.0.2');
    const ipv6Only = container.interfaces.filter((entry) => entry.family === 'IPv6');
    expect(advertisedAddress({ ...container, towardsEnsemble: undefined, interfaces: ipv6Only })).toBe('2001:db8::5');
  });

  it('is loopback on a machine that has nothing else', () => {
    expect(advertisedAddress({ ...container, towardsEnsemble: undefined, interfaces: [] })).toBe('127.0.0.1');
  });
});
