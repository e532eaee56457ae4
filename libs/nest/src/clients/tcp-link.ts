import { ClientTCP, type ReadPacket, type TcpClientOptions, type WritePacket } from '@nestjs/microservices';
import type { InstanceAddress, InstanceLink } from './instance-link.js';

/** What a TCP connection may be told, beside where it goes. */
export type TcpOptions = Omit<NonNullable<TcpClientOptions['options']>, 'host' | 'port'>;

/** Nest's own TCP client, connected to one instance. It is what `Transport.TCP` on the other side speaks with. */
export class TcpLink extends ClientTCP implements InstanceLink {
  /** The attempt that succeeded, as long as it is the present one: Nest forgets it when the connection closes. */
  #opened: Promise<unknown> | null = null;

  constructor({ address, port }: InstanceAddress, options: TcpOptions = {}) {
    super({ ...options, host: address, port });
  }

  async open(timeoutMs: number): Promise<void> {
    if (this.#opened !== null && this.#opened === this.connectionPromise) return;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no connection within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      const attempt = this.connect();
      await Promise.race([attempt, tooLate]);
      this.#opened = attempt;
    } catch (error) {
      // end() would wait for a connection that may never be there.
      this.socket?.netSocket.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  request(packet: ReadPacket, onAnswer: (packet: WritePacket) => void): () => void {
    // A copy: the transport writes its id into what it sends.
    return this.publish({ ...packet }, onAnswer);
  }

  async event(packet: ReadPacket): Promise<void> {
    await this.dispatchEvent(packet);
  }
}
