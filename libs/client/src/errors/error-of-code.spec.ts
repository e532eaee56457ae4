import { describe, expect, it } from '@jest/globals';
import { ErrorCode } from '@corral/model';
import { errorClasses, errorOfCode } from './error-of-code.js';
import { ServerError } from './server-errors.js';

const codes = Object.entries(ErrorCode).filter(([name]) => name !== 'ok');

describe('the error of a code', () => {
  it.each(codes)('%s has a class of its own, with its code, the operation and the path', (name, code) => {
    const error = errorOfCode(code, 'get', '/a') as Error & { code: number; operation: string; path: string };
    expect(error).toBeInstanceOf(errorClasses[name as keyof typeof errorClasses]);
    expect([error.code, error.operation, error.path]).toEqual([code, 'get', '/a']);
    expect(error.name).toBe(errorClasses[name as keyof typeof errorClasses].name);
    expect(error.message).toMatch(/^get \/a: ./);
  });

  it('is shared by no two codes', () => {
    expect(new Set(Object.values(errorClasses)).size).toBe(codes.length);
  });

  it('that nobody knows is still a ServerError', () => {
    const error = errorOfCode(-9999, 'get', undefined);
    expect(error).toBeInstanceOf(ServerError);
    expect(error.message).toBe('get: the server answers with error -9999');
  });
});
