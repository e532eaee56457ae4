/** What the messages of registry.proto must be, beyond their types. */
import { limits } from '@corral/registry';
import { ValidateBy } from 'class-validator';
import { ChoiceField, FlagField, IntegerField, NameField, PartField, TextField } from '../input/fields.js';
import { InstanceFieldsDto } from '../registry/dto/register.dto.js';
import { isPathPart, PATH_PART_RULE } from '../registry/registry-names.js';

const TEXT = { min: 1, max: limits.textLengthMax };

function PathPart(): PropertyDecorator {
  return ValidateBy({ name: 'pathPart', validator: { validate: isPathPart, defaultMessage: () => PATH_PART_RULE } });
}

/** `Instance` of a registration. */
export class InstanceInput extends InstanceFieldsDto {
  @PathPart()
  @TextField({ description: 'service', ...TEXT })
  readonly service!: string;

  @PathPart()
  @TextField({ description: 'id', optional: true, ...TEXT })
  readonly id?: string;

  @TextField({ description: 'address', ...TEXT })
  readonly address!: string;
}

/** `RegisterRequest` */
export class RegisterInput {
  @PartField(() => InstanceInput, { description: 'instance' })
  readonly instance!: InstanceInput;

  @IntegerField({ description: 'ttl_ms', optional: true, min: limits.leaseTtlMsMin, max: limits.leaseTtlMsMax })
  readonly ttlMs?: number;

  @NameField({ description: 'lease_id', optional: true })
  readonly leaseId?: string;
}

/** `HeartbeatRequest` */
export class HeartbeatInput {
  @PathPart()
  @TextField({ description: 'service', ...TEXT })
  readonly service!: string;

  @PathPart()
  @TextField({ description: 'id', ...TEXT })
  readonly id!: string;
}

/** `ListRequest` */
export class ListInput {
  @PathPart()
  @TextField({ description: 'service', ...TEXT })
  readonly service!: string;

  @ChoiceField({ description: 'status', optional: true, choices: ['UP', 'DOWN', 'DRAINING'] })
  readonly status?: string;

  @TextField({ description: 'zone', optional: true, ...TEXT })
  readonly zone?: string;

  @TextField({ description: 'version', optional: true, ...TEXT })
  readonly version?: string;

  @FlagField({ description: 'healthy', optional: true })
  readonly healthy?: boolean;
}

/** `WatchRequest` of the registry */
export class ServiceWatchInput {
  @PathPart()
  @TextField({ description: 'service', ...TEXT })
  readonly service!: string;

  @TextField({ description: 'revision', optional: true, ...TEXT })
  readonly revision?: string;
}
