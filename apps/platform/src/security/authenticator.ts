import { ProblemError } from '../errors/problem.js';
import { type Caller, EVERYBODY, mayDo, type Role, type Subject } from './access.js';
import type { TokenStore } from './token-store.js';

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,512})$/i;

/** Lets callers in by their token, and decides what they may do; the same for HTTP and gRPC. */
export class Authenticator {
  readonly #tokens: TokenStore;

  constructor(tokens: TokenStore) {
    this.#tokens = tokens;
  }

  /** Who shows this `Authorization` header. @throws ProblemError unauthenticated */
  identify(authorization: string | undefined): Caller {
    if (this.#tokens.isOpen) return EVERYBODY;
    if (authorization === undefined) throw unauthenticated('a token is needed: Authorization: Bearer <token>');
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) throw unauthenticated('the Authorization header must be: Bearer <token>');
    const caller = this.#tokens.find(token);
    if (caller === undefined) throw unauthenticated('the token is not known');
    return caller;
  }

  /** @throws ProblemError forbidden */
  authorize(caller: Caller, role: Role, subject: Subject): void {
    if (mayDo(caller, role, subject)) return;
    throw new ProblemError('forbidden', `the token "${caller.name}" needs the role ${role} on ${describe(subject)}`);
  }
}

/** The problem of a caller who is not known. */
export function unauthenticated(detail: string): ProblemError {
  return new ProblemError('unauthenticated', detail, { headers: { 'WWW-Authenticate': 'Bearer realm="corral"' } });
}

function describe(subject: Subject): string {
  switch (subject.kind) {
    case 'namespace':
      return `namespace "${subject.namespace}"`;
    case 'service':
      return `service "${subject.service}"`;
    case 'anything':
      return 'something';
  }
}
