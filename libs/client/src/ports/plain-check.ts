import { connect } from 'node:net';
import type { HostAddress } from './transport.js';

const WORD = 'srvr';
const TIMEOUT_MS = 1000;

/**
 * Finds out whether a server that hung up during the TLS handshake talks ZooKeeper's protocol without TLS: then it answers a four-letter
 * word. A plain server hangs up because what TLS begins with looks to it like a request of a gigabyte. The function that comes back
 * stops the asking, silently.
 */
export function checkPlain({ host, port }: HostAddress, told: (isPlain: boolean) => void): () => void {
  const socket = connect({ host, port, timeout: TIMEOUT_MS, autoSelectFamily: true });
  let isPlain = false;
  socket.once('connect', () => socket.write(WORD));
  socket.once('data', (answer) => {
    isPlain = /^[A-Za-z]/.test(answer.toString('latin1'));
    socket.destroy();
  });
  socket.once('timeout', () => socket.destroy());
  socket.on('error', () => undefined);
  socket.once('close', () => {
    told(isPlain);
  });
  return () => {
    socket.removeAllListeners('close');
    socket.destroy();
  };
}
