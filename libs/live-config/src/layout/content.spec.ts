import { randomBytes } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { IntegrityError } from '../errors.js';
import { limits } from '../limits.js';
import { decodeContent, encodeContent, sha256, splitContent } from './content.js';

describe('a content', () => {
  it.each(['', 'a', 'ä€😀', 'x'.repeat(511), 'line\n'.repeat(1000)])('of %#. kind is read back', (text) => {
    const { ref, bytes } = encodeContent(text);
    expect(decodeContent(ref, bytes, 'here')).toBe(text);
    expect(ref.sizeBytes).toBe(Buffer.byteLength(text));
    expect(encodeContent(text)).toEqual({ ref, bytes });
  });

  it('is compressed where that helps, and not where it does not', () => {
    expect(encodeContent('line\n'.repeat(1000)).ref.encoding).toBe('brotli');
    expect(encodeContent('x'.repeat(100)).ref.encoding).toBe('plain');
    expect(encodeContent(randomBytes(3000).toString('latin1')).bytes.length).toBeLessThan(6000);
  });

  it('that is too large for a znode is cut into parts that are not', () => {
    const encoded = encodeContent(randomBytes(1_500_000).toString('base64'));
    const parts = splitContent(encoded);
    expect(parts).toHaveLength(encoded.ref.parts);
    expect(parts.length).toBeGreaterThan(1);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(limits.znodeBytesMax);
    expect(decodeContent(encoded.ref, Buffer.concat(parts), 'here')).toHaveLength(2_000_000);
  });

  it('is not believed when a bit is different', () => {
    const { ref, bytes } = encodeContent('port: 1\n');
    const changed = Buffer.from(bytes);
    changed[0]! ^= 1;
    expect(() => decodeContent(ref, changed, '/there')).toThrow(IntegrityError);
    expect(() => decodeContent(ref, changed, '/there')).toThrow('/there: the stored bytes do not have the hash');
  });

  it('is not decompressed beyond the size it claims', () => {
    const bomb = brotliCompressSync(Buffer.alloc(1_000_000));
    const ref = { hash: sha256(bomb), sizeBytes: 10, encoding: 'brotli', parts: 1 } as const;
    expect(() => decodeContent(ref, bomb, '/there')).toThrow('cannot be decompressed');
    expect(() => decodeContent({ ...ref, sizeBytes: 2_000_000 }, bomb, '/there')).toThrow('has not 2000000 bytes');
  });
});
