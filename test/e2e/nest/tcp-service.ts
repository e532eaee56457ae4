/** A service on Nest's TCP transport, without Nest: messages are JSON behind their length, `17#{"pattern":…}`. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** A message as it comes in; `id` is absent in events. */
export interface IncomingMessage {
  readonly pattern: string;
  readonly data: unknown;
  readonly id?: string;
  /** Sends an answer; the last one unless said otherwise. */
  answer(response: unknown, isLast?: boolean): void;
  /** Answers with an error of the service's own. */
  refuse(err: unknown): void;
}

/** Listens on loopback and hands every message to the test. */
export class TcpService {
  readonly sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(onMessage: (message: IncomingMessage) => void) {
    this.#server = createServer((socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket)).on('error', () => undefined);
      let text = '';
      socket.setEncoding('utf8').on('data', (more: string) => {
        text += more;
        for (;;) {
          const hash = text.indexOf('#');
          const length = Number(text.slice(0, hash));
          if (hash < 0 || text.length < hash + 1 + length) return;
          const packet = JSON.parse(text.slice(hash + 1, hash + 1 + length)) as IncomingMessage;
          text = text.slice(hash + 1 + length);
          onMessage(messageOf(packet, socket));
        }
      });
    });
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** As a process that dies: nobody listens, all connections are cut. */
  async die(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }
}

function messageOf(packet: { pattern: string; data: unknown; id?: string }, socket: Socket): IncomingMessage {
  const send = (answer: object): void => {
    const json = JSON.stringify({ ...answer, id: packet.id });
    socket.write(`${json.length}#${json}`);
  };
  return {
    ...packet,
    answer: (response, isLast = true) => send({ response, isDisposed: isLast }),
    refuse: (err) => send({ err, isDisposed: true }),
  };
}
