/** Which address other services are told to call. A decision only; the facts are gathered in `route-address.ts`. */
import type { NetworkInterfaceInfo } from 'node:os';

/** What is known about where this process can be reached. */
export interface AddressFacts {
  /** What somebody wrote down for this service. It is believed, whatever the machine looks like. */
  readonly configured: string | undefined;
  /** What the server is bound to; a wildcard says nothing but the family. */
  readonly bound: string | undefined;
  /** The local end of the route to the ensemble. */
  readonly towardsEnsemble: string | undefined;
  /** Every address of every network interface. */
  readonly interfaces: readonly Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[];
}

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const LINK_LOCAL = /^(?:fe80:|169\.254\.)/i;

/**
 * The address to register.
 *
 * In this order: the one that was configured; the one the server is bound to; the one from which this machine reaches the
 * ensemble, because whoever finds the instance reaches the ensemble too, and a container's interface towards it is the right
 * one of several; any address that is not loopback; loopback.
 */
export function advertisedAddress({ configured, bound, towardsEnsemble, interfaces }: AddressFacts): string {
  if (configured !== undefined) return configured;
  if (bound !== undefined && !WILDCARDS.has(bound)) return plain(bound);
  // A server on 0.0.0.0 does not hear IPv6; one on :: hears both.
  const isHeard = (address: string): boolean => bound !== '0.0.0.0' || !address.includes(':');
  const candidates = [
    ...(towardsEnsemble === undefined ? [] : [plain(towardsEnsemble)]),
    ...outward(interfaces, 'IPv4'),
    ...outward(interfaces, 'IPv6'),
  ];
  return candidates.find(isHeard) ?? '127.0.0.1';
}

function outward(interfaces: AddressFacts['interfaces'], family: 'IPv4' | 'IPv6'): string[] {
  return interfaces
    .filter((entry) => entry.family === family && !entry.internal && !LINK_LOCAL.test(entry.address))
    .map((entry) => entry.address);
}

/** `::ffff:10.0.0.1` is how a dual-stack socket writes 10.0.0.1. */
function plain(address: string): string {
  return MAPPED_IPV4.exec(address)?.[1] ?? address;
}
