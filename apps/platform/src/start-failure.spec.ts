import { describe, expect, it } from '@jest/globals';
import { loadPlatformConfiguration } from './configuration/load-platform-configuration.js';
import { GrpcBindError } from './grpc/grpc-transport.js';
import { platformStartFailureOf, PlatformStartError } from './start-failure.js';

const config = loadPlatformConfiguration({ environment: {} });

describe('platformStartFailureOf', () => {
  it.each([
    [
      'No address added out of total 1 resolved errors: [listen EADDRINUSE: address already in use 127.0.0.1:8182]',
      '127.0.0.1:8182 is taken: another program listens there',
    ],
    ['No address added: [bind EACCES 127.0.0.1:8182]', '127.0.0.1:8182: permission denied'],
    ['Name resolution failed', '127.0.0.1:8182 cannot be listened on: another program does, or it is no address'],
  ])('says in one sentence why gRPC does not listen: %s', (message, sentence) => {
    const failure = platformStartFailureOf(new GrpcBindError('127.0.0.1:8182', { cause: new Error(message) }), config);
    expect(failure).toBeInstanceOf(PlatformStartError);
    expect((failure as Error).message).toContain(sentence);
  });

  it('names the HTTP port where the system names none', () => {
    const failure = platformStartFailureOf(Object.assign(new Error('listen'), { code: 'EACCES' }), config);
    expect((failure as Error).message).toBe('127.0.0.1:8181: permission denied');
  });

  it('leaves a bug as it is, so that its stack is shown', () => {
    const bug = new TypeError('undefined is not a function');
    expect(platformStartFailureOf(bug, config)).toBe(bug);
  });
});
