import { limits } from '@corral/live-config';
import { NamesField, RevisionField, TextField } from '../../input/fields.js';

/** What a subscriber made of a release. */
export class AcknowledgementDto {
  @RevisionField({
    description: 'The revision, as it was read: the id of the event, X-Corral-Index, or `revision` of the document',
    example: '12.3',
  })
  readonly revision!: string;

  @TextField({
    description: 'Why it is not taken, and the one before stays in force; without it, it is in force',
    optional: true,
    min: 1,
    max: 1000,
    example: 'discount.percent must be at most 50',
  })
  readonly error?: string;

  @NamesField({ description: 'The profiles of the watch, in its order', optional: true, max: limits.profilesMax })
  readonly profiles?: string[];
}
