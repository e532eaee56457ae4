import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Scope } from '@corral/live-config';
import { invalidField } from '../errors/problem.js';
import type { HttpRequest } from '../http/exchange.js';
import { ApplicationPipe, NamePipe } from '../input/names.js';

const NAMESPACE = new NamePipe('namespace');
const APPLICATION = new ApplicationPipe();

/** The scope that the path names; `_defaults` in the place of the application stands for the namespace's own documents. */
export const ScopeParam = createParamDecorator((_: unknown, context: ExecutionContext): Scope => {
  const { params } = context.switchToHttp().getRequest<HttpRequest>();
  const namespace = NAMESPACE.transform(params['namespace'] ?? '');
  const application = APPLICATION.transform(params['application'] ?? '');
  return application === undefined ? { namespace } : { namespace, application };
});

/** The application that a scope is. @throws ProblemError for a namespace's defaults: nobody sees them alone */
export function targetOfScope({ namespace, application }: Scope): { namespace: string; application: string } {
  if (application === undefined) {
    throw invalidField('application', 'must be an application: nobody sees defaults alone');
  }
  return { namespace, application };
}
