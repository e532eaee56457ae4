import { describe, expect, it } from '@jest/globals';
import { tableOf } from './table.js';

describe('a table', () => {
  it('has its columns one below the other, and lets a short row run on', () => {
    expect(
      tableOf([
        ['member', 'state', 'zxid'],
        ['a:1', 'leader', '0x1'],
        ['longer-host:2181', 'silent (for a reason that is long)'],
        ['b:1', 'follower', '0x1'],
      ]),
    ).toEqual([
      'member            state     zxid',
      'a:1               leader    0x1',
      'longer-host:2181  silent (for a reason that is long)',
      'b:1               follower  0x1',
    ]);
  });
});
