import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KeyRing } from '../encryption/key-ring.js';
import { IntegrityError, KeyMissingError } from '../errors.js';
import { FileCopy } from './file-copy.js';
import { decodeCopy, encodeCopy, type LocalCopy } from './local-copy.js';

const target = { namespace: 'shop', application: 'cart', profiles: ['dev'] };
const ring = new KeyRing([{ id: 'k1', key: randomBytes(32) }]);
const copy: LocalCopy = {
  savedAtMs: 1234,
  state: {
    isCandidate: false,
    defaults: { release: 1, documents: [] },
    own: {
      release: 7,
      documents: [{ name: 'main', format: 'text', content: 'hello', hash: 'h', sizeBytes: 5, encrypted: false }],
    },
  },
};

describe('a local copy', () => {
  it.each([undefined, ring])('is read back (%#)', (keys) => {
    expect(decodeCopy(encodeCopy(copy, target, keys), target, ring, 'file')).toEqual(copy);
  });

  it('that is damaged anywhere is not believed', () => {
    const bytes = encodeCopy(copy, target, undefined);
    for (let i = 0; i < bytes.length; i += 1) {
      const damaged = Buffer.from(bytes);
      damaged[i]! ^= 0x01;
      expect(() => decodeCopy(damaged, target, undefined, 'file')).toThrow();
    }
    expect(() => decodeCopy(bytes.subarray(0, bytes.length - 1), target, undefined, 'file')).toThrow(IntegrityError);
    expect(() => decodeCopy(Buffer.alloc(0), target, undefined, 'file')).toThrow(IntegrityError);
  });

  it('of another target is refused', () => {
    const other = { ...target, profiles: ['prod'] };
    expect(() => decodeCopy(encodeCopy(copy, target, undefined), other, undefined, 'file')).toThrow(
      'is the copy of shop/cart:dev',
    );
    expect(() => decodeCopy(encodeCopy(copy, target, ring), other, ring, 'file')).toThrow(IntegrityError);
  });

  it('that is encrypted shows nothing and needs its key', () => {
    const bytes = encodeCopy(copy, target, ring);
    expect(bytes.includes('hello')).toBe(false);
    expect(() => decodeCopy(bytes, target, undefined, 'file')).toThrow(KeyMissingError);
  });
});

describe('a file copy', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'corral-copy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is nothing at first, then the last that was written, readable by the owner alone', async () => {
    const file = new FileCopy(join(folder, 'deep', 'cart.conf'));
    expect(await file.read()).toBeUndefined();
    await file.write(Buffer.from('one'));
    await file.write(Buffer.from('two'));
    expect(Buffer.from((await file.read())!).toString()).toBe('two');
    expect(statSync(file.name).mode & 0o077).toBe(0);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['cart.conf']);
  });

  it('leaves the old one when the new one cannot be written', async () => {
    const file = new FileCopy(join(folder, 'cart.conf'));
    await file.write(Buffer.from('one'));
    writeFileSync(join(folder, 'plain'), 'x');
    await expect(new FileCopy(join(folder, 'plain', 'cart.conf')).write(Buffer.from('two'))).rejects.toThrow();
    expect(readFileSync(file.name, 'utf8')).toBe('one');
  });
});
