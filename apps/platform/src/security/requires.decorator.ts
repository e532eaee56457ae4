import { SetMetadata } from '@nestjs/common';
import type { Role, Subject } from './access.js';

/** What a route needs of its caller. */
export interface Requirement {
  readonly role: Role;
  /** `service` and `namespace` are taken from the path, or from the gRPC request. */
  readonly on: Subject['kind'];
}

/** The key of the metadata. */
export const REQUIREMENT = 'corral:requires';

/** The route is for callers with this role on the service or namespace that it names. */
export function Requires(role: Role, on: Subject['kind']): MethodDecorator {
  return SetMetadata(REQUIREMENT, { role, on } satisfies Requirement);
}
