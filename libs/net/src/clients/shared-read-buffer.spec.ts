import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { readIntoShared } from './shared-read-buffer.js';

describe('a socket of a Node that keeps its handles elsewhere', () => {
  it('goes on and reads into buffers of its own', () => {
    const accepted = new PassThrough();
    accepted.pause();
    const shared = Buffer.alloc(16);
    const texts: string[] = [];
    const socket = readIntoShared(accepted as unknown as Socket, shared, (buffer, lengthBytes) => {
      expect(buffer).not.toBe(shared);
      texts.push(buffer.toString('latin1', 0, lengthBytes));
    });
    expect(socket).toBe(accepted);
    accepted.write('one');
    accepted.resume();
    expect(texts).toEqual(['one']);
  });
});
