import { PartField } from '../../input/fields.js';
import { ReleaseNoteDto } from './release-note.dto.js';
import { RolloutDto } from './rollout.dto.js';
import { WaitDto } from './wait.dto.js';

/** A release that repeats an earlier one. */
export class RollbackDto extends ReleaseNoteDto {
  @PartField(() => RolloutDto, { description: 'Gradually; without it, for everybody at once', optional: true })
  readonly rollout?: RolloutDto;

  @PartField(() => WaitDto, { description: 'Waits until subscribers have applied it', optional: true })
  readonly wait?: WaitDto;
}
