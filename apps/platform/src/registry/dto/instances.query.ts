import { limits } from '@corral/registry';
import { ChoiceField, FlagField, FromWord, TextField } from '../../input/fields.js';
import { LongPollQuery } from '../../input/long-poll.query.js';

/** Which instances of a service. */
export class InstancesQuery extends LongPollQuery {
  @ChoiceField({ description: 'Only of this status', optional: true, choices: ['UP', 'DOWN', 'DRAINING'] })
  readonly status?: 'UP' | 'DOWN' | 'DRAINING';

  @TextField({ description: 'Only in this zone', optional: true, min: 1, max: limits.textLengthMax })
  readonly zone?: string;

  @TextField({ description: 'Only of this version', optional: true, min: 1, max: limits.textLengthMax })
  readonly version?: string;

  @FromWord()
  @FlagField({
    description: 'true: only those that take work, which are UP and not failing their check',
    optional: true,
  })
  readonly healthy?: boolean;
}
