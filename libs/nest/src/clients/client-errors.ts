/** Nobody knows yet who offers the service: since the start of this process the registry could not be read. */
export class InstancesUnknownError extends Error {
  override readonly name = 'InstancesUnknownError';

  constructor(
    readonly service: string,
    readonly timeoutMs: number,
  ) {
    super(`the instances of ${service} are not known: the registry could not be read within ${timeoutMs} ms`);
  }
}

/** Instances are registered, and no connection to any of those tried could be made. The message was not sent. */
export class ServiceUnreachableError extends Error {
  override readonly name = 'ServiceUnreachableError';

  constructor(
    readonly service: string,
    readonly tried: readonly string[],
    options: ErrorOptions,
  ) {
    super(`no connection to any instance of ${service}; tried ${tried.join(', ')}`, options);
  }
}

/** An instance took the message and said nothing for so long. Whether it acted on it is unknown. */
export class ServiceTimeoutError extends Error {
  override readonly name = 'ServiceTimeoutError';

  constructor(
    readonly service: string,
    readonly instance: string,
    readonly timeoutMs: number,
  ) {
    super(`${service} at ${instance} did not answer within ${timeoutMs} ms`);
  }
}
