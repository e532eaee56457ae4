import { describe, expect, it } from '@jest/globals';
import { isLongPath, longChildRange, pathOfKey, shortChildRange, writeTreeKey } from './tree-key.js';

const KEY_BYTES_MAX = 1978;

function keyOf(path: string): Buffer {
  const target = Buffer.alloc(4096);
  const end = writeTreeKey(path, target, 10);
  return target.subarray(10, end);
}

describe('the key of a znode', () => {
  it('is depth and path for a short one', () => {
    expect(keyOf('/').toString('latin1')).toBe('\0\0/');
    expect(keyOf('/a').toString('latin1')).toBe('\0\x01/a');
    expect(keyOf('/a/bc').toString('latin1')).toBe('\0\x02/a/bc');
    expect(keyOf('/日/本').subarray(2).toString()).toBe('/日/本');
    expect(keyOf('/日/本').readUInt16BE(0)).toBe(2);
  });

  it.each([1, 600, 633, 634, 1899, 1900, 1901, 5000, 300_000])('fits LMDB with a name of %i bytes', (length) => {
    for (const name of ['x'.repeat(length), 'ü'.repeat(length / 2), '本'.repeat(length / 3)]) {
      for (const path of [`/${name}`, `/${name}/child`, `/parent/${name}`]) {
        const key = keyOf(path);
        expect(key.length).toBeLessThanOrEqual(KEY_BYTES_MAX);
        expect(pathOfKey(key)).toBe(isLongPath(path) ? undefined : path);
      }
    }
  });

  it('tells long names apart that begin alike', () => {
    const name = 'n'.repeat(5000);
    expect(keyOf(`/${name}a`)).not.toEqual(keyOf(`/${name}b`));
    expect(keyOf(`/p/${name}`)).not.toEqual(keyOf(`/q/${name}`));
  });

  it.each(['/', '/a', '/日本', `/${'x'.repeat(1800)}`])(
    'lies in the range of its parent %.20s, and nothing else does',
    (parent) => {
      const { start, end, prefixBytes } = shortChildRange(parent)!;
      const below = parent === '/' ? '/' : `${parent}/`;
      const isInside = (path: string): boolean => {
        const key = keyOf(path);
        return key.compare(start) >= 0 && key.compare(end) < 0;
      };
      for (const name of ['!', '0', 'a', 'zz', 'é', '\u{ffee}']) {
        expect(isInside(below + name)).toBe(true);
        expect(keyOf(below + name).toString('utf8', prefixBytes)).toBe(name);
      }
      for (const path of [parent, `${below}a/b`, '/-', '/0/a', '/b/c/d', `${parent === '/' ? '/x' : parent}0/a`]) {
        if (path !== '/-' || parent !== '/') expect(isInside(path)).toBe(false);
      }
    },
  );

  it('has no short range under a parent that leaves no room for a name', () => {
    expect(shortChildRange(`/${'x'.repeat(1898)}`)).toBeUndefined();
    expect(shortChildRange(`/${'x'.repeat(1897)}`)).toBeDefined();
  });

  it('lies in the long range of its parent when its path is long', () => {
    const parent = `/${'x'.repeat(3000)}`;
    const { start, end } = longChildRange(parent);
    for (const name of ['a', 'b'.repeat(1900), 'c'.repeat(10_000)]) {
      const key = keyOf(`${parent}/${name}`);
      expect(key.compare(start)).toBeGreaterThanOrEqual(0);
      expect(key.compare(end)).toBeLessThan(0);
    }
    expect(keyOf(`${parent}/a/b`).compare(start, 0, start.length, 0, start.length)).not.toBe(0);
  });

  it('asks for another buffer when the target ends first', () => {
    const target = Buffer.alloc(100);
    expect(() => writeTreeKey(`/${'x'.repeat(200)}`, target, 0)).toThrow(RangeError);
    expect(() => writeTreeKey('/abc', target, 96)).toThrow(RangeError);
    expect(writeTreeKey('/abc', target, 94)).toBe(100);
    expect(() => writeTreeKey(`/${'x'.repeat(2000)}`, target, 0)).toThrow(RangeError);
  });
});
