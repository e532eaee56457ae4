/** The limits of connections: per address and in all; who is over is turned away at once, and who leaves makes room. */
import { expect, it } from '@jest/globals';
import { describeWith } from '../../interop/harness/requirements.js';
import { RawClient } from '../client/raw-client.js';
import { ErrorCode, getData } from '../client/requests.js';
import { eventually, within } from '../support/eventually.js';
import { againstApache, needsServer, startServer } from '../support/servers.js';
import { handshakeFrame, openBare, type BareConnection } from './socket.js';

/** Whether a connection from this address is granted a session. */
async function isServed(port: number, localAddress: string, held: BareConnection[]): Promise<boolean> {
  const connection = await openBare(port, localAddress).catch(() => undefined);
  if (connection === undefined) return false;
  const answered = new Promise<boolean>((resolve) => connection.socket.once('data', () => resolve(true)));
  connection.socket.write(handshakeFrame());
  const served = await within(Promise.race([answered, connection.closed.then(() => false)]), 3_000);
  if (served === true) held.push(connection);
  else connection.socket.destroy();
  return served === true;
}

describeWith('limits of connections', [needsServer], () => {
  it.each<[string, string, boolean]>([
    ['maxClientCnxns=5', 'per address', true],
    ['maxCnxns=5', 'in all', false],
  ])(
    '%s turns the sixth away, %s',
    async (line, _scope, otherAddressIsServed) => {
      const server = await startServer({ configLines: [line] });
      const held: BareConnection[] = [];
      try {
        // The harness asked whether the server serves, and its connection may not be forgotten yet.
        await eventually('the first is served', () => isServed(server.clientPort, '127.0.0.1', held));
        for (let i = 2; i <= 5; i += 1) expect(await isServed(server.clientPort, '127.0.0.1', held)).toBe(true);
        expect(await isServed(server.clientPort, '127.0.0.1', held)).toBe(false);
        expect(await isServed(server.clientPort, '127.0.0.2', held)).toBe(otherAddressIsServed);
        if (!againstApache) expect(server.log()).toMatch(/connection rejected/);

        held.shift()?.socket.destroy();
        await eventually('who left made room', () => isServed(server.clientPort, '127.0.0.1', held));
      } finally {
        for (const { socket } of held) socket.destroy();
        await server.stop('SIGKILL');
      }
    },
    40_000,
  );

  it('without a limit, 500 sessions of one address are served', async () => {
    const server = await startServer({ configLines: ['maxClientCnxns=0'] });
    try {
      const clients = await Promise.all(
        Array.from({ length: 500 }, () => RawClient.connect({ port: server.clientPort })),
      );
      const replies = await Promise.all(clients.map((client) => client.request(getData('/'))));
      expect(replies.every((reply) => reply.error === ErrorCode.ok)).toBe(true);
      for (const client of clients) client.destroy();
    } finally {
      await server.stop('SIGKILL');
    }
  }, 40_000);
});
