import type { ServerId } from '@corral/primitives';

/** Where the other members find one member. */
export interface PeerEndpoint {
  readonly serverId: ServerId;
  /** More than one when the member is in several networks; they are tried in turn. */
  readonly addresses: readonly { readonly host: string; readonly quorumPort: number; readonly electionPort: number }[];
}

/** `host:port` for people and for the wire. */
export function formatHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}

/** IPv4 peers of a dual-stack socket appear as `::ffff:1.2.3.4`. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
