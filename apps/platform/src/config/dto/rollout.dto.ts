import { ValidateBy } from 'class-validator';
import {
  ChoiceField,
  IntegerField,
  NameField,
  NumberField,
  ObjectField,
  PartField,
  PartsField,
  TextField,
} from '../../input/fields.js';

const DAY_MS = 86_400_000;

/** Whom a stage of a gradual release reaches: by labels, or by a percentage. */
export class StageSelectDto {
  @LabelSelection()
  @ObjectField({
    description: 'Instances with these labels; for each, one value or a list of them',
    example: { zone: ['eu'] },
    when: ({ percent }) => percent === undefined,
  })
  readonly labels?: Readonly<Record<string, string | string[]>>;

  @NumberField({
    description: 'A share of all instances',
    min: 0.01,
    max: 100,
    example: 10,
    when: ({ labels }) => labels === undefined,
  })
  readonly percent?: number;
}

/** A stage of a gradual release. */
export class StageDto {
  @NameField({ description: 'For people', optional: true, example: 'canary' })
  readonly name?: string;

  @PartField(() => StageSelectDto, { description: 'Whom it reaches' })
  readonly select!: StageSelectDto;

  @IntegerField({
    description: 'How long it is watched before it may be left',
    min: 0,
    max: 30 * DAY_MS,
    example: 60_000,
  })
  readonly soakMs!: number;

  @NameField({ description: 'A gate of the platform that must pass', optional: true })
  readonly gate?: string;

  @IntegerField({ description: 'How long an undecided gate is waited for', optional: true, min: 0, max: 30 * DAY_MS })
  readonly gateTimeoutMs?: number;

  @ChoiceField({ description: 'manual: waits for a hand', optional: true, choices: ['auto', 'manual'] })
  readonly promote?: 'auto' | 'manual';
}

/** A gradual release. */
export class RolloutDto {
  @PartsField(() => StageDto, { description: 'One after the other; after the last everybody has it', min: 1, max: 16 })
  readonly stages!: StageDto[];
}

/** Which step of a gradual release is meant. */
export class PromoteDto {
  @IntegerField({
    description: 'The release that is being rolled out; the answer is 409 when it is another',
    optional: true,
    min: 1,
    max: 1_000_000_000,
  })
  readonly release?: number;

  @IntegerField({
    description:
      'The stage that is to be left, from 0; 409 when it is over, so a call that is repeated goes no stage too far',
    optional: true,
    min: 0,
    max: 15,
  })
  readonly stage?: number;
}

/** Why a gradual release is ended. */
export class AbortDto {
  @TextField({ description: 'Why, for the history', min: 1, max: 2048, example: 'error rate went up' })
  readonly reason!: string;
}

function LabelSelection(): PropertyDecorator {
  return ValidateBy({
    name: 'labelSelection',
    validator: {
      validate: isLabelSelection,
      defaultMessage: () => 'must map at most 32 labels to a string or a list of strings',
    },
  });
}

function isLabelSelection(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const selections = Object.values(value) as unknown[];
  return selections.length <= 32 && selections.every(isOneOrSeveral);
}

function isOneOrSeveral(value: unknown): boolean {
  if (!Array.isArray(value)) return isLabelValue(value);
  return value.length > 0 && value.length <= 100 && value.every(isLabelValue);
}

function isLabelValue(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 128 && !value.includes('\0');
}
