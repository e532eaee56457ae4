import { describe, expect, it } from '@jest/globals';
import { dateText, decimal, hex32, whole } from './java-text.js';

describe('figures as Java prints them', () => {
  it.each([
    [0, '0.0'],
    [2, '2.0'],
    [1.92308, '1.9231'],
    [0.00005, '0.0001'],
    [0.00004, '0.0'],
    [123_456.5, '123456.5'],
  ])('decimal(%d) is %s', (value, text) => {
    expect(decimal(value)).toBe(text);
  });

  it('drops parts of a millisecond', () => {
    expect(whole(6.99)).toBe('6');
  });

  it('writes a date', () => {
    expect(dateText(Date.UTC(2026, 2, 1, 7, 5, 9))).toBe('Sun Mar 01 07:05:09 UTC 2026');
  });

  it('writes negative numbers as 32 bits', () => {
    expect(hex32(-4)).toBe('fffffffc');
  });
});
