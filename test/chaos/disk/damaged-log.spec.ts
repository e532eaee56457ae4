/** A damaged log: what a crash leaves at its end is cut and told; damage elsewhere stops the start and names the place. */
import { expect, it } from '@jest/globals';
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { RawClient } from '../client/raw-client.js';
import { create, ErrorCode, getData, readData, setData } from '../client/requests.js';
import { describeWith } from '../../interop/harness/requirements.js';
import type { RunningServer } from '../../interop/harness/index.js';
import { againstApache, needsServer, outcomeOf, spawnServer, startServer } from '../support/servers.js';
import { logFilesOf, recordsOf, type LogRecord } from './log-file.js';

const WRITES = 60;

/** A server that was killed after some writes, one at a time, and the newest file of its log. */
async function killedAfterWrites(): Promise<{ server: RunningServer; file: string; records: LogRecord[] }> {
  const server = await startServer();
  const client = await RawClient.connect({ port: server.clientPort });
  await client.request(create('/counter', Buffer.from('0')));
  for (let i = 1; i <= WRITES; i += 1) {
    expect((await client.request(setData('/counter', Buffer.from(String(i)), -1))).error).toBe(ErrorCode.ok);
  }
  await server.kill();
  const file = logFilesOf(server.directory).at(-1);
  if (file === undefined) throw new Error(`no log below ${server.directory}`);
  return { server, file, records: recordsOf(file) };
}

function edit(file: string, change: (fd: number) => void): void {
  const fd = openSync(file, 'r+');
  change(fd);
  closeSync(fd);
}

function flipByte(fd: number, offset: number): void {
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, offset);
  byte.writeUInt8(byte.readUInt8() ^ 0xff);
  writeSync(fd, byte, 0, 1, offset);
}

describeWith('a log with a torn tail', [needsServer], () => {
  it.each<[string, (fd: number, last: LogRecord) => void]>([
    ['cut short in its data', (fd, last) => ftruncateSync(fd, last.end - 5)],
    ['cut short in its length', (fd, last) => ftruncateSync(fd, last.offset + 10)],
    ['garbled in its data', (fd, last) => flipByte(fd, last.end - 10)],
    ['garbled in its checksum', (fd, last) => flipByte(fd, last.offset + 7)],
    ['without its end mark', (fd, last) => void writeSync(fd, Buffer.from([0]), 0, 1, last.end - 1)],
    ['zero from the middle on', (fd, { end }) => void writeSync(fd, Buffer.alloc(20), 0, 20, end - 20)],
  ])(
    'is cut: the last record %s',
    async (_title, tear) => {
      const { server, file, records } = await killedAfterWrites();
      const last = records.at(-1);
      if (last === undefined) throw new Error('the log is empty');
      edit(file, (fd) => tear(fd, last));
      const restarted = await server.restart();
      try {
        if (!againstApache) {
          expect(restarted.log()).toMatch(/cut .*transaction log/);
          expect(restarted.log()).toContain(basename(file));
        }
        const client = await RawClient.connect({ port: restarted.clientPort });
        const { data } = readData((await client.request(getData('/counter'))).body);
        // The record may be in the tree already; nothing before it may be missing.
        expect(Number(data.toString())).toBeGreaterThanOrEqual(WRITES - 1);
        expect((await client.request(setData('/counter', Buffer.from('on'), -1))).error).toBe(ErrorCode.ok);
        client.destroy();
        await restarted.kill();
        const again = await restarted.restart();
        const reader = await RawClient.connect({ port: again.clientPort });
        expect(readData((await reader.request(getData('/counter'))).body).data.toString()).toBe('on');
        reader.destroy();
        await again.stop('SIGKILL');
      } finally {
        await restarted.stop('SIGKILL');
      }
    },
    30_000,
  );
});

describeWith('a log with damage before its tail', [needsServer], () => {
  it.each<[string, (fd: number, record: LogRecord) => void]>([
    ['in a checksum', (fd, record) => flipByte(fd, record.offset + 5)],
    ['in the data', (fd, record) => flipByte(fd, record.end - 6)],
    ['in a length', (fd, record) => flipByte(fd, record.offset + 11)],
    [
      'by a zeroed record',
      (fd, { offset, end }) => void writeSync(fd, Buffer.alloc(end - offset), 0, end - offset, offset),
    ],
  ])(
    'stops the start and names file and offset: %s',
    async (_title, damage) => {
      const { server, file, records } = await killedAfterWrites();
      const middle = records[Math.floor(records.length / 2)];
      if (middle === undefined) throw new Error('the log is empty');
      edit(file, (fd) => damage(fd, middle));
      const { code, output } = await outcomeOf(spawnServer(server.directory), 10_000);
      expect(code).not.toBe(0);
      expect(code).not.toBeNull();
      if (!againstApache) {
        expect(output).toContain(file);
        expect(output).toContain(String(middle.offset));
        expect(output).not.toMatch(/^\s+at /m);
      }
    },
    30_000,
  );

  it('stops the start: a header that is not one', async () => {
    const { server, file } = await killedAfterWrites();
    edit(file, (fd) => flipByte(fd, 1));
    const { code, output } = await outcomeOf(spawnServer(server.directory), 10_000);
    expect(code).not.toBe(0);
    expect(code).not.toBeNull();
    if (!againstApache) expect(output).toContain(file);
  }, 30_000);
});
