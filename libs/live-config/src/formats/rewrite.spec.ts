import { describe, expect, it } from '@jest/globals';
import { parseContent } from './parse.js';
import { rewriteStrings } from './rewrite.js';

const upper = (at: string) => (text: string, pointer: string) => (pointer === at ? text.toUpperCase() : text);

describe('texts changed within a document', () => {
  it('keep comments, order and style of YAML', () => {
    const text = '# head\ndb:\n  user: me # who\n  password: secret\nlist:\n  - a\n  - {name: b}\n';
    const changed = rewriteStrings('yaml', text, 'main', upper('/db/password'));
    expect(changed).toBe(
      '# head\ndb:\n  user: me # who\n  password: "SECRET"\nlist:\n  - a\n  - {name: b}\n'.replace(
        '{name: b}',
        '{ name: b }',
      ),
    );
    expect(rewriteStrings('yaml', text, 'main', upper('/list/1/name'))).toContain('{ name: "B" }');
    expect(rewriteStrings('yaml', text, 'main', upper('/list/0'))).toContain('- "A"');
  });

  it('leave a document that has nothing to change byte for byte', () => {
    for (const [format, text] of [
      ['yaml', 'a:   {b: 1}\n'],
      ['json', '{ "a" :1}'],
      ['properties', ' a : b\n'],
    ] as const) {
      expect(rewriteStrings(format, text, 'main', (value) => value)).toBe(text);
    }
  });

  it('keep comments, continuations and order of properties', () => {
    const text = '# head\ndb.password = se\\\n   cret\nother=1\n';
    const changed = rewriteStrings('properties', text, 'main', upper('/db.password'));
    expect(changed).toBe('# head\ndb.password = SECRET\nother=1\n');
  });

  it('are escaped where the format needs it', () => {
    const nasty = ' a\\b\n"c" #:= ä';
    for (const [format, text] of [
      ['yaml', 'v: x\n'],
      ['json', '{"v": "x"}'],
      ['properties', 'v=x\n'],
    ] as const) {
      const changed = rewriteStrings(format, text, 'main', () => nasty);
      expect(parseContent(format, changed, 'main')).toEqual({ v: nasty });
    }
  });

  it('are found by JSON pointer in JSON', () => {
    const seen: string[] = [];
    rewriteStrings('json', '{"a/b": ["x", {"~": "y"}], "n": 1}', 'main', (text, pointer) => {
      seen.push(`${pointer}=${text}`);
      return text;
    });
    expect(seen).toEqual(['/a~1b/0=x', '/a~1b/1/~0=y']);
  });
});
