import { FlagField, NameField, NamesField, TextField } from '../../input/fields.js';

const APPLICATIONS_MAX = 1000;

/** What is taken over from Spring's layout; everything, when nothing is said. */
export class SpringImportDto {
  @NamesField({ description: 'Only these applications', optional: true, max: APPLICATIONS_MAX, example: ['cart'] })
  readonly applications?: string[];

  @FlagField({
    description: 'What all applications share too, when applications are named; without names it is taken anyway',
    optional: true,
  })
  readonly defaults?: boolean;

  @NameField({ description: 'What the documents are to be called; spring without it', optional: true })
  readonly document?: string;

  @TextField({
    description: 'Who releases; beside the name of the token, when one was shown',
    optional: true,
    min: 1,
    max: 256,
    example: 'ada',
  })
  readonly author?: string;

  @TextField({ description: 'Why', optional: true, max: 2048 })
  readonly comment?: string;
}
