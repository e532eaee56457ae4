import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { KeyRing } from '../encryption/key-ring.js';
import { seal } from '../encryption/sealed-value.js';
import { diffDocuments } from './documents.js';
import { diffLines, unifiedDiff } from './lines.js';

describe('the difference of two texts', () => {
  it('is shown with three lines around it', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\n';
    const after = 'a\nb\nc\nd\nE\nf\ng\nh\n';
    expect(unifiedDiff(before, after)).toBe('@@ -2 +2 @@\n b\n c\n d\n-e\n+E\n f\n g\n h');
    expect(unifiedDiff(before, before)).toBe('');
    expect(unifiedDiff('', 'x\n')).toBe('@@ -1 +1 @@\n+x');
  });

  it('keeps every line of both sides, in order, and is shortest', () => {
    const before = 'a b c a b b a'.split(' ').join('\n');
    const after = 'c b a b a c'.split(' ').join('\n');
    const changes = diffLines(before, after);
    const side = (skip: string): string =>
      changes
        .filter(({ kind }) => kind !== skip)
        .map(({ text }) => text)
        .join('\n');
    expect(side('added')).toBe(before);
    expect(side('removed')).toBe(after);
    expect(changes.filter(({ kind }) => kind === 'same')).toHaveLength(4);
  });

  it('of two large texts with nothing in common is one block each', () => {
    const many = (prefix: string): string => Array.from({ length: 2000 }, (_, i) => `${prefix}${i}`).join('\n');
    const changes = diffLines(many('a'), many('b'));
    expect([changes[0]?.kind, changes.at(-1)?.kind, changes.length]).toEqual(['removed', 'added', 4000]);
  });
});

describe('the difference of two releases', () => {
  const main = (content: string, format: 'yaml' | 'json' | 'text' = 'yaml') => ({ name: 'main', format, content });

  it('is told by path', () => {
    const [diff] = diffDocuments([main('a: 1\nb: {c: [1, 2]}\nd: x\n')], [main('a: 2\nb: {c: [1, 3, 4]}\ne: {}\n')]);
    expect(diff).toMatchObject({ name: 'main', kind: 'changed' });
    expect(diff?.values).toEqual([
      { path: '/a', kind: 'changed', before: 1, after: 2 },
      { path: '/b/c/1', kind: 'changed', before: 2, after: 3 },
      { path: '/b/c/2', kind: 'added', after: 4 },
      { path: '/d', kind: 'removed', before: 'x' },
      { path: '/e', kind: 'added', after: {} },
    ]);
  });

  it('tells documents that came, went, and changed in layout alone', () => {
    const before = [main('a: 1\n'), { ...main('b: 1\n'), profile: 'dev' }];
    const after = [main('a:   1\n'), { ...main('hello', 'text'), name: 'motd' }];
    const diff = diffDocuments(before, after);
    expect(diff.map(({ profile, name, kind, values }) => [profile, name, kind, values.length])).toEqual([
      ['dev', 'main', 'removed', 1],
      [undefined, 'main', 'changed', 0],
      [undefined, 'motd', 'added', 0],
    ]);
    expect(diffDocuments(before, before)).toEqual([]);
  });

  it('shows no encrypted value, but that it changed', () => {
    const ring = new KeyRing([{ id: 'k', key: randomBytes(32) }]);
    const token = (text: string): string => seal(text, 'here', ring);
    const [diff] = diffDocuments([main(`p: "${token('x')}"\n`)], [main(`p: "${token('y')}"\n`)]);
    expect(diff?.values).toEqual([{ path: '/p', kind: 'changed', before: '{encrypted}', after: '{encrypted}' }]);
    expect(JSON.stringify(diff)).not.toContain('aes-gcm');
  });
});
