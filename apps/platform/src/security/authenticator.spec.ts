import { describe, expect, it } from '@jest/globals';
import { ProblemError } from '../errors/problem.js';
import { EVERYBODY } from './access.js';
import { Authenticator } from './authenticator.js';
import { OPEN_STORE, type TokenStore } from './token-store.js';

const ada = { name: 'ada', grants: [{ role: 'reader', namespace: 'shop' } as const] };
const tokens: TokenStore = {
  isOpen: false,
  find: (token) => (token === 't1' ? ada : undefined),
  isCurrent: () => true,
  onChange: () => undefined,
  close: () => undefined,
};

function kindOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ProblemError) return error.kind;
  }
  return 'none';
}

describe('the authenticator', () => {
  const authenticator = new Authenticator(tokens);

  it('knows a caller by his token', () => {
    expect(authenticator.identify('Bearer t1')).toBe(ada);
    expect(authenticator.identify('bearer t1')).toBe(ada);
  });

  it.each([undefined, '', 'Bearer', 'Bearer t2', 'Basic t1', 'Bearer t1 t1', 'Bearer t1\0'])('refuses %j', (header) => {
    expect(kindOf(() => authenticator.identify(header))).toBe('unauthenticated');
  });

  it('tells those apart who are unknown from those who may not', () => {
    expect(kindOf(() => authenticator.authorize(ada, 'writer', { kind: 'namespace', namespace: 'shop' }))).toBe(
      'forbidden',
    );
    expect(kindOf(() => authenticator.authorize(ada, 'reader', { kind: 'namespace', namespace: 'shop' }))).toBe('none');
  });

  it('asks nobody where no token is needed', () => {
    expect(new Authenticator(OPEN_STORE).identify(undefined)).toBe(EVERYBODY);
  });
});
