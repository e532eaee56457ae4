import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ProblemError } from '../errors/problem.js';
import type { HttpRequest } from '../http/exchange.js';
import type { Subject } from './access.js';
import { Authenticator } from './authenticator.js';
import { OPEN, REQUIREMENT, type Requirement } from './requires.decorator.js';

/** Lets through whoever has the role that the route needs. The edge has found out who is calling. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(@Inject(Authenticator) private readonly authenticator: Authenticator) {}

  canActivate(context: ExecutionContext): boolean {
    // gRPC calls are checked where their request has been read.
    if (context.getType() !== 'http') return true;
    const requirement = Reflect.getMetadata(REQUIREMENT, context.getHandler()) as Requirement | typeof OPEN | undefined;
    // A route that was forgotten is for nobody.
    if (requirement === undefined)
      throw new ProblemError('forbidden', 'nobody may do this: the route does not say who');
    if (requirement === OPEN) return true;
    const { caller, params } = context.switchToHttp().getRequest<HttpRequest>();
    this.authenticator.authorize(caller, requirement.role, subjectOf(requirement.on, params));
    return true;
  }
}

function subjectOf(kind: Subject['kind'], params: Readonly<Record<string, string>>): Subject {
  switch (kind) {
    case 'service':
      return { kind, service: params['service'] ?? '' };
    case 'namespace':
      return { kind, namespace: params['namespace'] ?? '' };
    case 'anything':
      return { kind };
  }
}
