import { DurationField, TextField } from './fields.js';

const WAIT_MS_MAX = 300_000;
const WAIT_MS_DEFAULT = 30_000;

/** What a long poll adds to a query. */
export class LongPollQuery {
  @TextField({
    description: 'The revision that you have, from X-Corral-Index: the answer waits until there is another',
    optional: true,
    min: 1,
    max: 64,
  })
  readonly index?: string;

  @DurationField({
    description: 'How long the answer may wait: 500ms, 30s, or a number of milliseconds',
    optional: true,
    example: '30s',
    max: WAIT_MS_MAX,
  })
  readonly wait?: number;
}

/** How long a poll waits, by what it says. */
export function waitMsOf({ wait }: LongPollQuery): number {
  return wait ?? WAIT_MS_DEFAULT;
}
