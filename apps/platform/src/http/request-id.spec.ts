import { describe, expect, it } from '@jest/globals';
import { requestIdOf } from './request-id.js';

describe('the id of a request', () => {
  it("is the caller's own when it is sane", () => {
    expect(requestIdOf('order-17/a:b')).toBe('order-17/a:b');
  });

  it.each([undefined, '', 'a b', 'x\r\nSet-Cookie: a', 'é', 'x'.repeat(129), ['a', 'b']])(
    'is a new one for %j',
    (header) => {
      expect(requestIdOf(header)).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});
