import { describe, expect, it } from '@jest/globals';
import { parseProperties } from './properties-file.js';

describe('parseProperties', () => {
  it.each([
    ['a=b', 'a', 'b'],
    ['a = b', 'a', 'b'],
    ['a: b', 'a', 'b'],
    ['a b', 'a', 'b'],
    ['  a\t=\tb  ', 'a', 'b'],
    ['a', 'a', ''],
    ['a=', 'a', ''],
    ['a=b=c', 'a', 'b=c'],
    ['a=b # not a comment', 'a', 'b # not a comment'],
    ['a\\ b=c', 'a b', 'c'],
    ['a\\=b=c', 'a=b', 'c'],
    ['a=\\u0041\\t\\q', 'a', 'A\tq'],
    ['a=C:\\\\data', 'a', 'C:\\data'],
    ['\uFEFFa=b', 'a', 'b'],
    ['server.1=h:2888:3888;2181', 'server.1', 'h:2888:3888;2181'],
  ])('reads %j', (text, key, value) => {
    expect(parseProperties(text)).toEqual([{ key, value, line: 1 }]);
  });

  it.each(['', '   ', '# a=b', '! a=b', '  # a=b'])('finds nothing in %j', (text) => {
    expect(parseProperties(text)).toEqual([]);
  });

  it('goes on in the next line after an odd number of backslashes, and counts lines on', () => {
    expect(parseProperties('# head\r\na=1,\\\r\n   2\r\nb=x\\\\\nc=3')).toEqual([
      { key: 'a', value: '1,2', line: 2 },
      { key: 'b', value: 'x\\', line: 4 },
      { key: 'c', value: '3', line: 5 },
    ]);
  });

  it('keeps every line of a key that comes twice', () => {
    expect(parseProperties('a=1\na=2').map(({ value }) => value)).toEqual(['1', '2']);
  });
});
