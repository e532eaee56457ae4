/** The TypeScript client on a member that has no quorum and answers reads. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { Client, type ConnectionState, NotReadOnlyError } from '@corral/client';
import { eventually } from '../../chaos/support/eventually.js';
import {
  DEFAULT_PORT_RANGE,
  isApacheSince,
  returnPorts,
  type RunningServer,
  type ServerOptions,
  startApache,
  startCorral,
  takeFreePorts,
} from '../harness/index.js';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';

describeWith('the client on an Apache member without a quorum', [needsApache], () => {
  // Before 3.7 a member without a quorum gives sessions zxids of its own, which make the client too new for the server that is started here.
  if (isApacheSince(3, 7)) tell(startApache);
  else it.skip('moves to a server that takes writes', () => undefined);
});

describeWith('the client on a Corral member without a quorum', [needsCorral], () => {
  tell(startCorral);
});

function tell(start: (options: ServerOptions) => Promise<RunningServer>): void {
  const servers: RunningServer[] = [];
  let client: Client | undefined;
  let home = '';

  afterEach(async () => {
    await client?.close();
    await Promise.all(servers.splice(0).map((server) => server.kill()));
    rmSync(home, { recursive: true, force: true });
  });

  it('reads, is told that it cannot write, and moves to a server that takes writes by itself', async () => {
    home = mkdtempSync(join(tmpdir(), 'corral-read-only-'));
    const ports = await takeFreePorts(DEFAULT_PORT_RANGE, 7);
    const [laterPort, ...memberPorts] = ports;
    const lonely = await start(oneOfThree(home, memberPorts));
    servers.push(lonely);
    client = new Client({ connect: `127.0.0.1:${laterPort},127.0.0.1:${lonely.clientPort}`, readOnly: true });
    const states: ConnectionState[] = [];
    client.onState((state) => states.push(state));

    await client.connected();
    expect(await client.children('/')).toContain('zookeeper');
    await expect(client.create('/a')).rejects.toBeInstanceOf(NotReadOnlyError);
    servers.push(await start({ clientPort: laterPort! }));
    await eventually('it has moved', () => client?.state === 'connected');
    expect(await client.create('/a')).toBe('/a');
    expect(states).toEqual(['read-only', 'suspended', 'connected']);
    expect(lonely.ended).toBeUndefined();
    returnPorts(ports);
  });
}

/** A member whose two others were never started. */
function oneOfThree(directory: string, ports: readonly number[]): ServerOptions {
  mkdirSync(join(directory, 'data'));
  writeFileSync(join(directory, 'data', 'myid'), '1\n');
  const lines = [1, 2, 3].map((id) => `server.${id}=127.0.0.1:${ports[2 * id - 2]}:${ports[2 * id - 1]}`);
  return {
    directory,
    // Apache grants no new sessions in read-only mode, unless sessions may be local to a member.
    configLines: ['initLimit=10', 'syncLimit=5', 'readonlymode.enabled=true', 'localSessionsEnabled=true', ...lines],
    // Apache takes this one as a system property alone.
    javaProperties: { 'readonlymode.enabled': 'true' },
  };
}
