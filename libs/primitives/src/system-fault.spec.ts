import { describe, expect, it } from '@jest/globals';
import { errorCodeOf, systemFaultInWords } from './system-fault.js';

describe('systemFaultInWords', () => {
  it.each([
    [
      { code: 'EADDRINUSE', address: '127.0.0.1', port: 2181 },
      '127.0.0.1:2181 is taken: another program listens there',
    ],
    [{ code: 'EADDRNOTAVAIL', address: '2001:db8::1', port: 1 }, '[2001:db8::1]:1 is not an address of this machine'],
    [{ code: 'ENOTFOUND', hostname: 'zk1.example.net' }, 'zk1.example.net: the host name has no address'],
    [{ code: 'EACCES', path: '/data/corral' }, '/data/corral: permission denied'],
    [{ code: 'ENOTDIR', path: '/a/file' }, '/a/file is not a directory'],
    [{ code: 'ENOSPC' }, 'the place: no space left on the disk'],
  ])('names place and trouble of %o', (fields, sentence) => {
    expect(systemFaultInWords(Object.assign(new Error('system'), fields), 'the place')).toBe(sentence);
  });

  it.each([new TypeError('undefined is not a function'), { code: 'ERR_ASSERTION' }, { code: 7 }, undefined, 'EACCES'])(
    'has no words for %p, which is no fault of the system',
    (error) => {
      expect(systemFaultInWords(error, 'the place')).toBeUndefined();
    },
  );
});

it('errorCodeOf gives the name of the fault, where there is one', () => {
  expect([{ code: 'ENOENT' }, { code: 2 }, null, 'ENOENT'].map(errorCodeOf)).toEqual([
    'ENOENT',
    undefined,
    undefined,
    undefined,
  ]);
});
