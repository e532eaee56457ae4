/** The errors of the registry; those of the ensemble come through as the client throws them. */

/** What all errors of the registry have in common. */
export class RegistryError extends Error {
  override readonly name: string = 'RegistryError';
}

/** A value that an instance, a service name or an option cannot have. */
export class InvalidInstanceError extends RegistryError {
  override readonly name = 'InvalidInstanceError';

  constructor(
    /** The field, as `metadata.team` or `check.path`. */
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field}: ${reason}`);
  }
}

/** The bytes of a znode are no service instance. */
export class InstanceFormatError extends RegistryError {
  override readonly name = 'InstanceFormatError';

  constructor(reason: string, options?: ErrorOptions) {
    super(`this is no service instance in Curator's JSON: ${reason}`, options);
  }
}

/** Somebody else has registered under this id, and is alive. */
export class InstanceExistsError extends RegistryError {
  override readonly name = 'InstanceExistsError';

  constructor(
    readonly service: string,
    readonly id: string,
  ) {
    super(`service ${service} has an instance ${id} already, of another session`);
  }
}

/** There is nobody to send the request to. */
export class NoInstanceError extends RegistryError {
  override readonly name = 'NoInstanceError';

  constructor(
    readonly service: string,
    /** How many instances are known, none of which can be had. */
    readonly known: number,
  ) {
    super(
      known === 0
        ? `service ${service} has no instance`
        : `service ${service}: of ${known} known, none takes work and was not excluded`,
    );
  }
}

/** There is no such lease: it was never granted, was revoked, or was not renewed in time. */
export class LeaseNotFoundError extends RegistryError {
  override readonly name = 'LeaseNotFoundError';

  constructor(readonly leaseId: string) {
    super(`there is no lease ${leaseId}; grant a new one`);
  }
}

/** The registry, the registration or the pool was closed. */
export class RegistryClosedError extends RegistryError {
  override readonly name = 'RegistryClosedError';

  constructor(what: string) {
    super(`${what} is closed`);
  }
}
