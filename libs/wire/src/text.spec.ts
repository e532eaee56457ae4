import { describe, expect, it } from '@jest/globals';
import { decodeText, encodeText } from './text.js';

function decode(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  return decodeText(bytes, 0, bytes.length);
}

describe('decodeText', () => {
  it.each([
    ['', ''],
    ['2f61', '/a'],
    ['c3a9e282acf09f9880', 'é€😀'],
    ['ff', '\ufffd'],
    ['61c3', 'a\ufffd'],
    ['e282', '\ufffd'],
    ['f09f98', '\ufffd'],
    ['c080', '\ufffd\ufffd'],
    ['efbfbd', '\ufffd'],
    ['eda080', '\ufffd'],
    ['eda080edb080', '\ufffd\ufffd'],
    ['eda0', '\ufffd'],
    ['eda061', '\ufffda'],
    ['edb0cc80', '\ufffd\u0300'],
    ['ed9fbf', '\ud7ff'],
    ['f8808080', '\ufffd\ufffd\ufffd\ufffd'],
    ['f4908080', '\ufffd\ufffd\ufffd\ufffd'],
  ])('makes of %s what Java makes of it', (hex, expected) => {
    expect(decode(hex)).toBe(expected);
  });

  it('looks at the given bytes only', () => {
    const bytes = Buffer.from('ff616263ff', 'hex');
    expect(decodeText(bytes, 1, 4)).toBe('abc');
  });
});

describe('encodeText', () => {
  it('answers with the bytes written', () => {
    const buffer = Buffer.alloc(10);
    expect(encodeText(buffer, 2, 'é€')).toBe(5);
    expect(buffer.toString('hex')).toBe('0000c3a9e282ac000000');
  });
});
