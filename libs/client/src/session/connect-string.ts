import { pathFault, ROOT_PATH } from '@corral/model';
import { kindOf } from '../check-option.js';
import { InvalidOptionError } from '../errors/connection-errors.js';
import type { HostAddress } from '../ports/transport.js';

/** The port of a host that names none. */
export const DEFAULT_PORT = 2181;

/** What `connect` says: the servers, and the znode that the client takes for its root. */
export interface ConnectString {
  readonly hosts: readonly HostAddress[];
  /** Empty when the client sees the whole tree. */
  readonly chroot: string;
}

/**
 * Reads `host:port,host:port/chroot`, as every ZooKeeper client takes it. IPv6 addresses stand in brackets, the port may be left out.
 * @throws InvalidOptionError that says which part is wrong.
 */
export function parseConnectString(text: string): ConnectString {
  if (typeof text !== 'string') {
    throw new InvalidOptionError('connect', `must be a text such as 10.0.0.1:2181,10.0.0.2:2181, not ${kindOf(text)}`);
  }
  const slash = text.indexOf('/');
  const hosts = (slash < 0 ? text : text.slice(0, slash)).split(',').map((part) => part.trim());
  const chroot = slash < 0 ? ROOT_PATH : text.slice(slash);
  const fault = pathFault(chroot);
  if (fault !== undefined) throw new InvalidOptionError('connect', `the chroot ${JSON.stringify(chroot)}: ${fault}`);
  return { hosts: hosts.map(parseHost), chroot: chroot === ROOT_PATH ? '' : chroot };
}

const HOST = /^(?:\[(?<address>[0-9a-fA-F:.%\w]+)\]|(?<name>[^:[\]\s]+))(?::(?<port>\d{1,5}))?$/;

function parseHost(text: string): HostAddress {
  const { address, name, port } = HOST.exec(text)?.groups ?? {};
  const host = address ?? name;
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  if (host === undefined || number < 1 || number > 65_535) {
    throw new InvalidOptionError(
      'connect',
      `${JSON.stringify(text)} is not a host such as 10.0.0.1:2181 or [::1]:2181`,
    );
  }
  return { host, port: number };
}

/** As people write it. */
export function formatHost({ host, port }: HostAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
