import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeNow } from './write-now.js';

/** Stands in for a socket: has a descriptor or none, and keeps what is written the long way. */
class SocketWith {
  readonly written: string[] = [];
  writableLength = 0;
  readonly _handle: { readonly fd?: number } | null;

  constructor(handle: { readonly fd?: number } | null) {
    this._handle = handle;
  }

  write(bytes: Buffer): void {
    this.written.push(bytes.toString());
    this.writableLength += bytes.length;
  }

  asSocket(): Socket {
    return this as unknown as Socket;
  }
}

describe('bytes', () => {
  const bytes = Buffer.from('bytes that go, and rubbish behind them');
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'corral-write-now-'));
    file = join(directory, 'file');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('go straight to the descriptor, and the buffer is free again', () => {
    const fd = openSync(file, 'w');
    const socket = new SocketWith({ fd });
    expect(writeNow(socket.asSocket(), bytes, 13)).toBe(true);
    closeSync(fd);
    expect(socket.written).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe('bytes that go');
  });

  it.each([
    ['has no handle', null],
    ['has a handle without a descriptor', {}],
    ['is closed', { fd: -1 }],
  ])('go through a socket that %s', (_what, handle) => {
    const socket = new SocketWith(handle);
    expect(writeNow(socket.asSocket(), bytes, 13)).toBe(false);
    expect(socket.written).toEqual(['bytes that go']);
  });

  it('that the kernel refuses are left to the socket, which tells why', () => {
    const fd = openSync(file, 'a+');
    closeSync(fd);
    const unwritable = openSync(file, 'r');
    const socket = new SocketWith({ fd: unwritable });
    expect(writeNow(socket.asSocket(), bytes, 13)).toBe(false);
    closeSync(unwritable);
    expect(socket.written).toEqual(['bytes that go']);
  });
});
