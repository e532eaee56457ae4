import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { Role, Subject } from './access.js';

/** What a route needs of its caller. */
export interface Requirement {
  readonly role: Role;
  /** `service` and `namespace` are taken from the path, or from the gRPC request. */
  readonly on: Subject['kind'];
}

/** What a route says that is for everybody. */
export const OPEN = 'open';

/** The key of the metadata. */
export const REQUIREMENT = 'corral:requires';

/** The route is for callers with this role on the service or namespace that it names. */
export function Requires(role: Role, on: Subject['kind']): MethodDecorator {
  return SetMetadata(REQUIREMENT, { role, on } satisfies Requirement);
}

/** The route is for everybody, with or without a token. `RequestEdge` must know its path. */
export function OpenToAll(): MethodDecorator {
  return applyDecorators(SetMetadata(REQUIREMENT, OPEN), ApiSecurity({}));
}
