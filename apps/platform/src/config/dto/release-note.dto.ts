import { IntegerField, TextField } from '../../input/fields.js';

/** What every release says of itself. */
export class ReleaseNoteDto {
  @TextField({
    description: 'Who releases; beside the name of the token, when one was shown',
    optional: true,
    min: 1,
    max: 256,
    example: 'ada',
  })
  readonly author?: string;

  @TextField({ description: 'Why', optional: true, max: 2048, example: 'Autumn sale' })
  readonly comment?: string;

  @IntegerField({
    description:
      'The release that this was made from; when another stands by now, nothing is written and the answer is 409',
    optional: true,
    min: 0,
    max: 1_000_000_000,
  })
  readonly expectedRelease?: number;
}
