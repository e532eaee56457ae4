import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ExitCode, UsageError } from '../command.js';
import { health } from './health.js';

let printed: string[];
const servers: Server[] = [];

beforeEach(() => {
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const server of servers.splice(0)) server.close();
});

/** What answers every request for the path so, and 404 to others. */
async function answering(path: string, status: number, body: string): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === path ? status : 404).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('corral health', () => {
  it('is well when all are ready', async () => {
    const [server, other] = [await answering('/health/ready', 200, '{}'), await answering('/health', 200, '{}')];
    expect(await health.run([server, `${other}/health`], {})).toBe(ExitCode.ok);
    expect(printed).toEqual([`${server}: ready`, `${other}/health: ready`]);
  });

  it.each([
    ['{"status":"not ready","reason":"the member is read-only"}', 'not ready: the member is read-only'],
    ['{"title":"x","detail":"the ensemble is not reached"}', 'not ready: the ensemble is not reached'],
    ['<html>', 'not ready: HTTP 503'],
  ])('says why one is not: %s', async (body, verdict) => {
    const [well, ill] = [await answering('/health/ready', 200, '{}'), await answering('/health/ready', 503, body)];
    expect(await health.run([well, ill], {})).toBe(ExitCode.failure);
    expect(printed).toEqual([`${well}: ready`, `${ill}: ${verdict}`]);
  });

  it('says that nobody is there', async () => {
    const place = await answering('/', 200, '');
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await health.run([place], {})).toBe(ExitCode.failure);
    expect(printed).toEqual([`${place}: silent (ECONNREFUSED)`]);
  });

  it.each(['host', 'http://host:1', 'user@host:1', 'host:99999', ''])('takes no %j for a place', async (place) => {
    await expect(health.run([place], {})).rejects.toThrow(UsageError);
  });
});
