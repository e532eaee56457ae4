import { lookup, type LookupAddress } from 'node:dns';
import { connect as connectTcp, type LookupFunction } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { readIntoShared } from './shared-read-buffer.js';
import { SocketChannel } from './socket-channel.js';
import { TlsChannel } from './tls-channel.js';
import type { Channel, ChannelListener, HostAddress, Transport } from './transport.js';

/** Connections over TCP, or over TLS when options for it are given. */
export class TcpTransport implements Transport {
  readonly #tls: ConnectionOptions | undefined;
  readonly #lookup: LookupFunction;

  /** `random` spreads clients over the addresses that one name may have. */
  constructor(tls: ConnectionOptions | undefined, random: () => number) {
    this.#tls = tls;
    this.#lookup = shufflingLookup(random);
  }

  connect(address: HostAddress, listener: ChannelListener): Channel {
    const target = { host: address.host, port: address.port, lookup: this.#lookup };
    if (this.#tls === undefined) {
      const onread = readIntoShared((chunk) => {
        listener.onBytes(chunk);
      });
      const socket = connectTcp({ ...target, autoSelectFamily: true, noDelay: true, onread });
      return new SocketChannel(socket, 'connect', listener);
    }
    const socket = connectTls({ servername: serverNameOf(address.host), ...this.#tls, ...target });
    socket.setNoDelay(true);
    return new TlsChannel(socket, address, listener);
  }
}

/** TLS names the server it wants by its DNS name, never by an address. */
function serverNameOf(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host;
}

/** Node's own resolution, with the addresses in an order of chance. */
function shufflingLookup(random: () => number): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const shuffled = shuffle(addresses, random);
      if (options.all === true) callback(null, shuffled);
      else callback(null, shuffled[0]?.address ?? '', shuffled[0]?.family);
    });
  };
}

function shuffle(addresses: readonly LookupAddress[], random: () => number): LookupAddress[] {
  return addresses
    .map((address) => ({ address, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ address }) => address);
}
