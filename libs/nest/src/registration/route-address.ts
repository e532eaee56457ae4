/** The local end of the route to the ensemble: the one part of address detection that asks the operating system. */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { HostAddress } from '@corral/client';

/**
 * The address that this machine would use to talk to the first of the hosts that it has a route to.
 * A datagram socket is "connected", which chooses the route and sends nothing. `undefined` when no host can be resolved or reached.
 */
export async function addressTowards(hosts: readonly HostAddress[]): Promise<string | undefined> {
  for (const { host, port } of hosts) {
    try {
      const { address, family } = await lookup(host);
      return await localAddress(address, port, family === 6 ? 'udp6' : 'udp4');
    } catch {
      // No name or no route: the next host may have both.
    }
  }
  return undefined;
}

function localAddress(address: string, port: number, type: 'udp4' | 'udp6'): Promise<string> {
  const socket = createSocket(type);
  return new Promise<string>((resolve, reject) => {
    socket.once('error', reject);
    socket.connect(port, address, () => resolve(socket.address().address));
  }).finally(() => socket.close());
}
