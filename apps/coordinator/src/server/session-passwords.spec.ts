import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sessionIdOf } from '@corral/primitives';
import { DerivedSessionPasswords, HmacSessionPasswords } from './session-passwords.js';

const FIRST = sessionIdOf(0x1000013eb9c0000n);
const SECOND = sessionIdOf(-1n);

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'corral-passwords-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('DerivedSessionPasswords', () => {
  // As java.util.Random makes them of the session's number and ZooKeeper's secret.
  it.each([
    [FIRST, '2633cbbfbb1c162174099f42fc86c724'],
    [SECOND, '20f62cb5648dc2d771471c8a2486a9ee'],
  ])('gives session %d the password that Apache gives it', (id, expected) => {
    const passwords = new DerivedSessionPasswords();
    expect(passwords.issue(id).toString('hex')).toBe(expected);
    expect(passwords.matches(id, Buffer.from(expected, 'hex'))).toBe(true);
    expect(passwords.matches(id, Buffer.alloc(16))).toBe(false);
    expect(passwords.matches(id, Buffer.alloc(0))).toBe(false);
  });
});

describe('HmacSessionPasswords', () => {
  it('gives every session sixteen bytes of its own', () => {
    const passwords = HmacSessionPasswords.open(directory);
    expect(passwords.issue(FIRST)).toHaveLength(16);
    expect(passwords.issue(FIRST)).not.toEqual(passwords.issue(SECOND));
  });

  it('accepts its own and nothing else', () => {
    const passwords = HmacSessionPasswords.open(directory);
    const right = passwords.issue(FIRST);
    expect(passwords.matches(FIRST, right)).toBe(true);
    expect(passwords.matches(SECOND, right)).toBe(false);
    expect(passwords.matches(FIRST, new Uint8Array(16))).toBe(false);
    expect(passwords.matches(FIRST, right.subarray(1))).toBe(false);
    expect(passwords.matches(FIRST, new Uint8Array(0))).toBe(false);
  });

  it('holds over a restart, and only in this directory', () => {
    const right = HmacSessionPasswords.open(directory).issue(FIRST);
    expect(HmacSessionPasswords.open(directory).matches(FIRST, right)).toBe(true);
    rmSync(join(directory, 'session-secret'));
    expect(HmacSessionPasswords.open(directory).matches(FIRST, right)).toBe(false);
  });

  it('keeps its secret to the owner', () => {
    HmacSessionPasswords.open(directory);
    expect(statSync(join(directory, 'session-secret')).mode & 0o077).toBe(0);
  });
});
