import { describe, expect, it } from '@jest/globals';
import { WriterPool } from './writer-pool.js';

describe('the pool of writers', () => {
  it('lends a writer again, empty', () => {
    const pool = new WriterPool();
    const writer = pool.take();
    writer.writeInt(1);
    pool.giveBack(writer);
    expect(pool.take()).toBe(writer);
    expect(writer.length).toBe(0);
  });

  it('never lends one to two', () => {
    const pool = new WriterPool();
    expect(pool.take()).not.toBe(pool.take());
  });

  it('does not keep one that has grown large', () => {
    const pool = new WriterPool();
    const writer = pool.take();
    writer.writeBuffer(new Uint8Array(300 * 1024));
    pool.giveBack(writer);
    expect(pool.take()).not.toBe(writer);
  });

  it('keeps enough for a thousand connections that are told something in one turn', () => {
    const pool = new WriterPool();
    const writers = Array.from({ length: 1000 }, () => pool.take());
    for (const writer of writers) pool.giveBack(writer);
    expect(writers).toContain(pool.take());
    const again = new Set(Array.from({ length: 999 }, () => pool.take()));
    expect(writers.filter((writer) => again.has(writer))).toHaveLength(999);
  });

  it('keeps only so many bytes', () => {
    const pool = new WriterPool();
    const writers = Array.from({ length: 100 }, () => pool.take());
    for (const writer of writers) writer.writeBuffer(new Uint8Array(200 * 1024));
    for (const writer of writers) pool.giveBack(writer);
    const again = new Set(Array.from({ length: 100 }, () => pool.take()));
    const keptBytes = writers.filter((writer) => again.has(writer)).length * 200 * 1024;
    expect(keptBytes).toBeGreaterThan(0);
    expect(keptBytes).toBeLessThanOrEqual(8 * 1024 * 1024);
  });
});
