import { describe, expect, it } from '@jest/globals';
import { RecordCache } from './record-cache.js';

const RECORD_BYTES = 1000;
/** What an entry is taken to cost: path, record, overhead. */
const COST_BYTES = 2 + RECORD_BYTES + 200;

function fill(cache: RecordCache, from: number, count: number): void {
  for (let index = from; index < from + count; index++)
    cache.add(`/${String(index)}`, Buffer.alloc(RECORD_BYTES, index));
}

describe('the record cache', () => {
  it('forgets what was not used for two generations, and keeps what was', () => {
    const cache = new RecordCache(COST_BYTES * 8);
    fill(cache, 0, 4);
    for (let round = 1; round < 6; round++) {
      expect(cache.get('/0')).toBeDefined();
      fill(cache, round * 10, 4);
    }
    expect(cache.get('/0')).toBeDefined();
    expect(cache.get('/1')).toBeUndefined();
  });

  it('never holds more than two generations', () => {
    const cache = new RecordCache(COST_BYTES * 8);
    fill(cache, 10, 80);
    let held = 0;
    for (let index = 10; index < 90; index++) if (cache.get(`/${String(index)}`) !== undefined) held++;
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThanOrEqual(10);
  });

  it('counts what a record grows by', () => {
    const cache = new RecordCache(COST_BYTES * 8);
    fill(cache, 0, 3);
    cache.replace('/0', Buffer.alloc(RECORD_BYTES * 10));
    fill(cache, 10, 1);
    fill(cache, 20, 3);
    fill(cache, 30, 2);
    expect(cache.get('/1')).toBeUndefined();
  });

  it('takes in a record that is read, and not one that is only written', () => {
    const cache = new RecordCache(COST_BYTES * 8);
    cache.replace('/a', Buffer.alloc(1));
    expect(cache.get('/a')).toBeUndefined();
    cache.add('/a', Buffer.alloc(1, 1));
    cache.replace('/a', Buffer.alloc(1, 2));
    expect(cache.get('/a')).toEqual(Buffer.alloc(1, 2));
  });

  it('shows a replaced record although an older one is in the old generation', () => {
    const cache = new RecordCache(COST_BYTES * 8);
    fill(cache, 0, 6);
    cache.replace('/0', Buffer.from('new'));
    expect(cache.get('/0')).toEqual(Buffer.from('new'));
  });

  it('forgets what is deleted, in both generations', () => {
    const cache = new RecordCache(COST_BYTES * 8);
    fill(cache, 0, 6);
    cache.delete('/0');
    cache.delete('/5');
    expect(cache.get('/0')).toBeUndefined();
    expect(cache.get('/5')).toBeUndefined();
  });
});
