import { limits } from '@corral/live-config';
import {
  FlagField,
  FromCommas,
  FromDigits,
  FromWord,
  IntegerField,
  LabelsField,
  NameField,
  NamesField,
} from '../../input/fields.js';
import { LongPollQuery } from '../../input/long-poll.query.js';

const RELEASE_MAX = 1_000_000_000;

/** Whose configuration is asked for. */
export class EffectiveQuery extends LongPollQuery {
  @FromCommas()
  @NamesField({
    description: 'Profiles with commas between them; the last one wins',
    optional: true,
    max: limits.profilesMax,
  })
  readonly profiles?: string[];

  @NameField({ description: 'Who asks, for gradual releases', optional: true, example: 'pricing-1' })
  readonly instance?: string;

  @FromCommas()
  @LabelsField({
    description: 'Labels of who asks, as key:value with commas between them',
    optional: true,
    example: ['zone:eu'],
  })
  readonly labels?: string[];

  @FromWord()
  @FlagField({
    description:
      'true: count as a subscriber, for whom a release can wait; POST …/subscribers/{instance}/acknowledgement says what came of it. Needs instance',
    optional: true,
  })
  readonly acknowledge?: boolean;
}

/** A part of the history. */
export class HistoryQuery {
  @FromDigits()
  @IntegerField({ description: 'How many releases at most', optional: true, min: 1, max: 200 })
  readonly limit?: number;

  @FromDigits()
  @IntegerField({ description: 'Only releases before this one', optional: true, min: 1, max: RELEASE_MAX })
  readonly before?: number;
}

/** Two releases to compare. */
export class DiffQuery {
  @FromDigits()
  @IntegerField({ description: 'The older release; 0 for before the first', min: 0, max: RELEASE_MAX })
  readonly from!: number;

  @FromDigits()
  @IntegerField({ description: 'The newer release', min: 0, max: RELEASE_MAX })
  readonly to!: number;
}

/** One of the releases. */
export class ReleaseQuery {
  @FromDigits()
  @IntegerField({
    description: 'As of this release; without it, the current one',
    optional: true,
    min: 1,
    max: RELEASE_MAX,
  })
  readonly release?: number;
}

/** One document, as of one of the releases. */
export class DocumentQuery extends ReleaseQuery {
  @NameField({ description: 'The document of this profile', optional: true })
  readonly profile?: string;
}
