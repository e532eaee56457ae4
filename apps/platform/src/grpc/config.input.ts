/** What the messages of config.proto must be, beyond their types. */
import { limits } from '@corral/live-config';
import { PublishDto } from '../config/dto/publish.dto.js';
import { NameField, NamesField, PartField, RevisionField, TextField, TextMapField } from '../input/fields.js';

/** `Target` */
export class TargetInput {
  @NameField({ description: 'namespace' })
  readonly namespace!: string;

  @NameField({ description: 'application' })
  readonly application!: string;

  @NamesField({ description: 'profiles', optional: true, max: limits.profilesMax })
  readonly profiles?: string[];

  @TextField({ description: 'instance', optional: true, min: 1, max: 128 })
  readonly instance?: string;

  @TextMapField({ description: 'labels', optional: true, entriesMax: 32, valueLengthMax: 128 })
  readonly labels?: Readonly<Record<string, string>>;
}

/** `WatchRequest` */
export class ConfigWatchInput {
  @PartField(() => TargetInput, { description: 'target' })
  readonly target!: TargetInput;

  @TextField({ description: 'revision', optional: true, min: 1, max: 64 })
  readonly revision?: string;
}

/** The first `SubscribeRequest` of a stream. */
export class SubscribeInput {
  @PartField(() => TargetInput, { description: 'target' })
  readonly target!: TargetInput;
}

/** `Applied` */
class AppliedPart {
  @RevisionField({ description: 'revision' })
  readonly revision!: string;

  @TextField({ description: 'error', optional: true, min: 1, max: 1000 })
  readonly error?: string;
}

/** Every other `SubscribeRequest`. */
export class AppliedInput {
  @PartField(() => AppliedPart, { description: 'applied' })
  readonly applied!: AppliedPart;
}

/** `PublishRequest` */
export class PublishInput extends PublishDto {
  @NameField({ description: 'namespace' })
  readonly namespace!: string;

  @NameField({ description: 'application', optional: true })
  readonly application?: string;
}
