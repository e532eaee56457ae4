import { describe, expect, it } from '@jest/globals';
import { FourLetterDetector } from './four-letter-detector.js';

describe('the first four bytes of a connection', () => {
  it.each([
    [['ruok']],
    [['ruok', 'x']],
    [['r', 'uok']],
    [['ru', 'ok and more']],
    [['r', 'u', 'o', 'k']],
    [['', 'ruok']],
  ])('are found in %j', (pieces) => {
    const detector = new FourLetterDetector();
    const words = pieces.map((piece) => detector.push(Buffer.from(piece)));
    expect(words.find((word) => word !== undefined)).toBe('ruok');
  });

  it('are no word before all of them are there', () => {
    const detector = new FourLetterDetector();
    expect(detector.push(Buffer.from('ruo'))).toBeUndefined();
  });

  it('keep every bit of a length', () => {
    const bytes = Buffer.from([0x00, 0xff, 0x80, 0x2c]);
    expect(Buffer.from(new FourLetterDetector().push(bytes)!, 'latin1')).toEqual(bytes);
  });
});
