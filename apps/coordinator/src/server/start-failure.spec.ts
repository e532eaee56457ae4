import { describe, expect, it } from '@jest/globals';
import { LogDamagedError } from '@corral/storage';
import { coordinatorConfigOf } from '../configuration/coordinator-config.js';
import { CoordinatorSettings } from '../configuration/coordinator-settings.js';
import { StartFailedError, startFailureOf } from './start-failure.js';

const config = coordinatorConfigOf(new CoordinatorSettings(), undefined);

function systemError(fields: Record<string, unknown>): Error {
  return Object.assign(new Error('system'), fields);
}

describe('startFailureOf', () => {
  it.each([
    [
      { code: 'EADDRINUSE', address: '127.0.0.1', port: 2181 },
      '127.0.0.1:2181 is taken: another program listens there',
    ],
    [{ code: 'EACCES', path: '/data/corral' }, '/data/corral: permission denied'],
    [{ code: 'ENOSPC' }, `${config.dataDirectory}: no space left on the disk`],
  ])('says %o in a sentence', (fields, sentence) => {
    const failure = startFailureOf(systemError(fields), config);
    expect(failure).toBeInstanceOf(StartFailedError);
    expect((failure as Error).message).toBe(sentence);
  });

  it('passes on what the store says about damage, with file and offset', () => {
    const failure = startFailureOf(new LogDamagedError('/d/log.1', 42, 'a wrong checksum'), config);
    expect(failure).toBeInstanceOf(StartFailedError);
    expect((failure as Error).message).toContain('/d/log.1 at byte 42: a wrong checksum');
  });

  it('leaves a bug as it is, so that its stack is shown', () => {
    const bug = new TypeError('undefined is not a function');
    expect(startFailureOf(bug, config)).toBe(bug);
  });
});
