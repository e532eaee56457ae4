import { limits } from '@corral/registry';
import { ValidateBy } from 'class-validator';
import {
  ChoiceField,
  FlagField,
  IntegerField,
  NumberField,
  PartField,
  TextField,
  TextMapField,
} from '../../input/fields.js';
import { isPathPart, PATH_PART_RULE } from '../registry-names.js';

const PORT = { min: 1, max: 65_535 };
const TEXT = { min: 1, max: limits.textLengthMax };

/** An active check that platforms run. */
export class CheckDto {
  @ChoiceField({ description: 'How', choices: ['http', 'tcp', 'grpc'] })
  readonly kind!: 'http' | 'tcp' | 'grpc';

  @TextField({ description: 'http: what is asked for', optional: true, ...TEXT, example: '/health' })
  readonly path?: string;

  @TextField({ description: 'grpc: whose health is asked for; the whole server without it', optional: true, ...TEXT })
  readonly serviceName?: string;

  @IntegerField({ description: "Another port than the instance's own", optional: true, ...PORT })
  readonly port?: number;

  @FlagField({ description: 'http and grpc: over TLS', optional: true })
  readonly tls?: boolean;

  @IntegerField({
    description: 'From one check to the next',
    optional: true,
    min: limits.checkIntervalMsMin,
    max: limits.checkIntervalMsMax,
    example: 10_000,
  })
  readonly intervalMs?: number;

  @IntegerField({
    description: 'How long one may take',
    optional: true,
    min: limits.checkTimeoutMsMin,
    max: limits.checkTimeoutMsMax,
    example: 2_000,
  })
  readonly timeoutMs?: number;

  @IntegerField({
    description: 'Good ones in a row that make it passing',
    optional: true,
    min: 1,
    max: limits.checksInARowMax,
  })
  readonly rise?: number;

  @IntegerField({
    description: 'Bad ones in a row that make it failing',
    optional: true,
    min: 1,
    max: limits.checksInARowMax,
  })
  readonly fall?: number;
}

/** What an instance says of itself, and may change later. */
export class InstanceFieldsDto {
  @IntegerField({ description: 'Where it listens', optional: true, ...PORT, example: 8080 })
  readonly port?: number;

  @IntegerField({ description: 'Where it listens for TLS', optional: true, ...PORT })
  readonly sslPort?: number;

  @TextMapField({
    description: 'Whatever consumers should know',
    optional: true,
    entriesMax: limits.metadataEntriesMax,
    valueLengthMax: limits.metadataValueLengthMax,
  })
  readonly metadata?: Readonly<Record<string, string>>;

  @TextField({ description: 'Where it runs', optional: true, ...TEXT, example: 'eu-1' })
  readonly zone?: string;

  @NumberField({
    description: 'Its share of the load beside the others; 1 without it',
    optional: true,
    min: 0,
    max: limits.weightMax,
  })
  readonly weight?: number;

  @TextField({ description: 'Of its program', optional: true, ...TEXT, example: '1.4.0' })
  readonly version?: string;

  @ChoiceField({ description: 'UP without it', optional: true, choices: ['UP', 'DOWN', 'DRAINING'] })
  readonly status?: 'UP' | 'DOWN' | 'DRAINING';

  @PartField(() => CheckDto, { description: 'A check that platforms run', optional: true })
  readonly check?: CheckDto;
}

/** A registration that lives by its lease. */
export class RegisterDto extends InstanceFieldsDto {
  @ValidateBy({ name: 'id', validator: { validate: isPathPart, defaultMessage: () => PATH_PART_RULE } })
  @TextField({ description: 'Unique in the service; a random one without it', optional: true, ...TEXT })
  readonly id?: string;

  @TextField({ description: 'Host name or IP address that consumers connect to', ...TEXT, example: '10.0.0.7' })
  readonly address!: string;

  @IntegerField({
    description: 'How long it stays after its last heartbeat',
    optional: true,
    min: limits.leaseTtlMsMin,
    max: limits.leaseTtlMsMax,
    example: 15_000,
  })
  readonly ttlMs?: number;
}

/** What changes. */
export class UpdateInstanceDto extends InstanceFieldsDto {
  @TextField({ description: 'Host name or IP address', optional: true, ...TEXT })
  readonly address?: string;
}

/** How an instance leaves in peace. */
export class DrainDto {
  @IntegerField({
    description: 'How long it is shown as DRAINING before it leaves',
    min: 0,
    max: 3_600_000,
    example: 10_000,
  })
  readonly graceMs!: number;
}
