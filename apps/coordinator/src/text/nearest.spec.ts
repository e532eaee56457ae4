import { describe, expect, it } from '@jest/globals';
import { nearest } from './nearest.js';

describe('nearest', () => {
  it.each([
    ['sevre', 'serve'],
    ['Inspct', 'inspect'],
    ['clients.prot', 'clients.port'],
    ['helq', 'help'],
    ['quit', undefined],
  ])('finds for %s: %s', (word, candidate) => {
    expect(nearest(word, ['hero', 'help', 'her', 'serve', 'inspect', 'version', 'clients.port'])).toBe(candidate);
  });
});
