import { describe, expect, it } from '@jest/globals';
import { InstanceLinks } from './instance-links.js';
import { FakeLink } from './service-client.fake.js';

describe('the connections to the instances of a service', () => {
  it('keep nobody who has moved, also when the pool says so only by its choice', () => {
    const made: FakeLink[] = [];
    const links = new InstanceLinks((where) => {
      const link = new FakeLink(where);
      made.push(link);
      return link;
    });
    const before = links.borrow({ id: 'a', address: '10.0.0.1', port: 1 });
    const after = links.borrow({ id: 'a', address: '10.0.0.1', port: 2 });
    expect(after.link).not.toBe(before.link);
    before.release();
    before.release();
    expect(made.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });
});
