import type { TLSSocket } from 'node:tls';
import { formatHost } from '../session/connect-string.js';
import { TlsError } from '../errors/tls-error.js';
import { checkPlain } from './plain-check.js';
import { SocketChannel } from './socket-channel.js';
import { tlsErrorOf } from './tls-fault.js';
import type { Channel, ChannelListener, HostAddress } from './transport.js';

/** A connection over TLS. Where client and server cannot talk TLS, it closes with a `TlsError`. */
export class TlsChannel implements Channel {
  readonly #channel: SocketChannel;
  /** Ends the look at a server that hung up during the handshake. */
  #stopChecking: () => void = () => undefined;

  constructor(socket: TLSSocket, address: HostAddress, listener: ChannelListener) {
    const server = formatHost(address);
    let isReached = false;
    let isSecure = false;
    socket.once('connect', () => (isReached = true));
    socket.once('secureConnect', () => (isSecure = true));
    socket.on('data', (chunk: Buffer) => {
      listener.onBytes(chunk);
    });
    this.#channel = new SocketChannel(socket, 'secureConnect', {
      onOpened: () => {
        listener.onOpened();
      },
      onBytes: (chunk) => {
        listener.onBytes(chunk);
      },
      onDrained: () => {
        listener.onDrained();
      },
      onClosed: (error) => {
        const fault = error && tlsErrorOf(server, error);
        if (fault !== undefined || isSecure || !isReached) {
          listener.onClosed(fault ?? error);
          return;
        }
        this.#stopChecking = checkPlain(address, (isPlain) => {
          const detail = 'it hung up during the handshake, and answers without TLS';
          listener.onClosed(isPlain ? new TlsError(server, 'plain-server', detail, { cause: error }) : error);
        });
      },
    });
  }

  write(bytes: Buffer): boolean {
    return this.#channel.write(bytes);
  }

  end(): void {
    this.#channel.end();
  }

  destroy(): void {
    this.#stopChecking();
    this.#channel.destroy();
  }
}
