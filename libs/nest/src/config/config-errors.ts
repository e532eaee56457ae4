import { messageOf } from '../message-of.js';

/** One value that a class refuses, by its dotted path: `pricing.discountPercent`. */
export interface ConfigIssue {
  readonly path: string;
  readonly message: string;
}

/** A configuration that does not fit the classes declared for it. */
export class ConfigInvalidError extends Error {
  override readonly name = 'ConfigInvalidError';

  constructor(readonly issues: readonly ConfigIssue[]) {
    super(`invalid configuration: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`);
  }
}

/** There was no configuration at start: the ensemble is away, or what it holds is refused, and no local copy can stand in. */
export class ConfigNotReadyError extends Error {
  override readonly name = 'ConfigNotReadyError';

  constructor(timeoutMs: number, connection: string, refusal: string | undefined) {
    const why = refusal ?? `the connection is ${connection}`;
    super(`no configuration within ${timeoutMs} ms, and no local copy of one: ${why}`);
  }
}

/** A value that a program cannot do without is in no document of the release. */
export class ConfigValueMissingError extends Error {
  override readonly name = 'ConfigValueMissingError';

  constructor(
    readonly path: string,
    readonly release: number,
  ) {
    super(`the configuration has no value at ${path} (release ${release})`);
  }
}

/** Methods that were told of a release and failed. What they did not do, the acknowledgement says. */
export class ConfigHandlersFailedError extends AggregateError {
  override readonly name = 'ConfigHandlersFailedError';

  constructor(failures: readonly { readonly handler: string; readonly cause: unknown }[]) {
    super(
      failures.map(({ cause }) => cause),
      failures.map(({ handler, cause }) => `${handler}: ${messageOf(cause)}`).join('; '),
    );
  }
}

/** A decorator, a class or a service is used where it cannot work. Thrown as early as can be, because nobody would notice later. */
export class ConfigUsageError extends Error {
  override readonly name = 'ConfigUsageError';
}
