import type { Socket } from 'node:net';
import type { Channel, ChannelListener } from './transport.js';

/**
 * A socket, as a client wants it. `opened` is the event after which bytes can go out. What comes in is the business of whoever makes the
 * socket, and of nobody after `destroy`: a socket that is destroyed reads no more.
 */
export class SocketChannel implements Channel {
  readonly #socket: Socket;

  constructor(socket: Socket, opened: 'connect' | 'secureConnect', listener: ChannelListener) {
    this.#socket = socket;
    let failure: Error | undefined;
    socket.once(opened, () => {
      listener.onOpened();
    });
    socket.on('drain', () => {
      listener.onDrained();
    });
    // What follows an error is `close`. The listener stays when the others are removed, so that a late error harms nobody.
    socket.on('error', (error) => {
      failure = error;
    });
    socket.once('close', () => {
      listener.onClosed(failure);
    });
  }

  write(bytes: Buffer): boolean {
    return this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    for (const event of ['connect', 'secureConnect', 'data', 'drain', 'close']) this.#socket.removeAllListeners(event);
    this.#socket.destroy();
  }
}
