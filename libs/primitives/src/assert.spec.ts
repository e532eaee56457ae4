import { describe, expect, it } from '@jest/globals';
import { assert, InvariantBrokenError } from './assert.js';

describe('assert', () => {
  it('says nothing about what holds', () => {
    expect(() => {
      assert(true, 'one is one');
    }).not.toThrow();
  });

  it('throws the sentence that does not hold', () => {
    expect(() => {
      assert(false, 'zxids only go up');
    }).toThrow(new InvariantBrokenError('zxids only go up'));
  });
});
