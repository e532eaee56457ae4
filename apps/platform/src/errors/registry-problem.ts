import { InstanceExistsError, InvalidInstanceError, LeaseNotFoundError, RegistryError } from '@corral/registry';
import { ProblemError } from './problem.js';

/** The problem behind an error of the registry; `undefined` when it is not one. */
export function registryProblem(error: unknown): ProblemError | undefined {
  if (!(error instanceof RegistryError)) return undefined;
  const cause = { cause: error };
  if (error instanceof InvalidInstanceError) {
    const errors = [{ field: error.field, message: error.reason }];
    return new ProblemError('invalid-input', `${error.field} ${error.reason}`, { errors, ...cause });
  }
  if (error instanceof InstanceExistsError) return new ProblemError('conflict', error.message, cause);
  if (error instanceof LeaseNotFoundError) return new ProblemError('not-found', error.message, cause);
  return new ProblemError('ensemble-refused', error.message, cause);
}
