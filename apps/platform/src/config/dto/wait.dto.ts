import { IntegerField, NumberField } from '../../input/fields.js';

/** How long a release waits for its subscribers. */
export class WaitDto {
  @NumberField({
    description: 'The share of live subscribers that must have applied it',
    min: 0,
    max: 1,
    example: 0.95,
  })
  readonly share!: number;

  @IntegerField({ description: 'How long to wait for them', min: 0, max: 300_000, example: 30_000 })
  readonly timeoutMs!: number;
}
