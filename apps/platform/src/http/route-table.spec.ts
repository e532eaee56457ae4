import { describe, expect, it } from '@jest/globals';
import { RouteTable } from './route-table.js';

describe('the table of routes', () => {
  const table = new RouteTable({
    paths: { '/v1/a/{name}': { get: {}, put: {}, parameters: [] }, '/v1/a': { post: {} } },
  });

  it('tells which methods a path takes', () => {
    expect(table.methodsOf('/v1/a/x')).toEqual(['GET', 'PUT']);
    expect(table.methodsOf('/v1/a')).toEqual(['POST']);
    expect(table.methodsOf('/v1/a/')).toEqual(['POST']);
  });

  it('knows when there is no such path', () => {
    expect(table.methodsOf('/v1/a/x/y')).toEqual([]);
    expect(table.methodsOf('/v1')).toEqual([]);
  });
});
