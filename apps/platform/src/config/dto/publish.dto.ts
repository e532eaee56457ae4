import { DOCUMENT_FORMATS, type DocumentFormat, limits } from '@corral/live-config';
import { ChoiceField, FlagField, NameField, PartField, PartsField, TextField } from '../../input/fields.js';
import { ReleaseNoteDto } from './release-note.dto.js';
import { RolloutDto } from './rollout.dto.js';
import { WaitDto } from './wait.dto.js';

const isWritten = (change: Readonly<Record<string, unknown>>): boolean => change['delete'] !== true;

/** One document written or deleted. */
export class ChangeDto {
  @NameField({ description: 'Only for this profile', optional: true, example: 'production' })
  readonly profile?: string;

  @NameField({ description: 'The document', example: 'discount' })
  readonly name!: string;

  @ChoiceField({ description: 'How the content is written', choices: DOCUMENT_FORMATS, when: isWritten })
  readonly format?: DocumentFormat;

  @TextField({
    description: 'The whole document. A string value that begins with {encrypt} is encrypted at rest',
    max: limits.documentBytesMax,
    when: isWritten,
    example: 'percent: 10',
  })
  readonly content?: string;

  @FlagField({ description: 'Encrypts the whole document at rest', optional: true })
  readonly encrypted?: boolean;

  @FlagField({ description: 'Deletes the document', optional: true })
  readonly delete?: boolean;
}

/** A release: all of its changes, or none. */
export class PublishDto extends ReleaseNoteDto {
  @PartsField(() => ChangeDto, { description: 'What changes', min: 1, max: limits.changesMax })
  readonly changes!: ChangeDto[];

  @PartField(() => RolloutDto, { description: 'Gradually; without it, for everybody at once', optional: true })
  readonly rollout?: RolloutDto;

  @PartField(() => WaitDto, { description: 'Waits until subscribers have applied it', optional: true })
  readonly wait?: WaitDto;
}
