/** Bare sockets for clients that do not behave. */
import { connect, type Socket } from 'node:net';
import { RecordBuilder } from '../client/record.js';

/** A connection, and how it ended. */
export interface BareConnection {
  readonly socket: Socket;
  /** Resolves when the server (or the test) has ended it. */
  readonly closed: Promise<void>;
}

/** Connects; resolves when the connection stands, rejects when it is refused. */
export function openBare(port: number, localAddress = '127.0.0.1'): Promise<BareConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true });
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      socket.resume();
      resolve({ socket, closed });
    });
  });
}

/** The first frame of a session, as ZooKeeper's clients send it. */
export function handshakeFrame(sessionTimeoutMs = 30_000): Buffer {
  return new RecordBuilder()
    .int(0)
    .long(0n)
    .int(sessionTimeoutMs)
    .long(0n)
    .buffer(Buffer.alloc(16))
    .bool(false)
    .frame();
}
