/** A member alone on a file system that is really full. */
import { expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RawClient } from '../client/raw-client.js';
import { create, ErrorCode, getData } from '../client/requests.js';
import type { RunningServer } from '../../interop/harness/index.js';
import { describeWith } from '../../interop/harness/requirements.js';
import { needsServer, startServer } from '../support/servers.js';
import { needsMount, SmallFileSystem } from '../support/small-file-system.js';
import { fateOf } from './probe.js';

const SIZE_MB = 24;
const BALLAST_MB = 8;
const ZNODE_BYTES = 50_000;

describeWith('a file system without space', [needsServer, needsMount], () => {
  it('costs nothing that was acknowledged, and serves again when there is space', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'corral-full-'));
    const mounted = join(directory, 'data');
    const disk = new SmallFileSystem(mounted, { sizeMb: SIZE_MB, ballastMb: BALLAST_MB });
    let server: RunningServer | undefined;
    try {
      server = await startServer({ directory });
      const client = await RawClient.connect({ port: server.clientPort });
      const acknowledged: string[] = [];
      let fate = 'acknowledged';
      for (let i = 0; i < 5_000 && fate === 'acknowledged'; i += 1) {
        const path = `/n${i}`;
        fate = await fateOf(client, create(path, Buffer.alloc(ZNODE_BYTES, i)), 10_000);
        if (fate === 'acknowledged') acknowledged.push(path);
      }
      expect(['refused', 'lost']).toContain(fate);
      expect(acknowledged.length).toBeGreaterThan(10);
      if (server.ended === undefined) await server.stop('SIGTERM');

      disk.makeRoom();
      server = await server.restart();
      const reader = await RawClient.connect({ port: server.clientPort });
      for (const path of acknowledged) {
        const reply = await reader.request(getData(path));
        expect({ path, error: reply.error }).toEqual({ path, error: ErrorCode.ok });
      }
      expect(await fateOf(reader, create('/again', Buffer.alloc(1)))).toBe('acknowledged');
      reader.destroy();
      client.destroy();
    } finally {
      await server?.stop('SIGKILL');
      disk.unmount();
      rmSync(directory, { recursive: true, force: true });
    }
  }, 60_000);
});
