/** Every class of input, with right values for all of its fields. */
import { PublishDto, ChangeDto } from '../config/dto/publish.dto.js';
import { DiffQuery, DocumentQuery, EffectiveQuery, HistoryQuery, ReleaseQuery } from '../config/dto/queries.js';
import { RollbackDto } from '../config/dto/rollback.dto.js';
import { AbortDto, RolloutDto, StageDto, StageSelectDto } from '../config/dto/rollout.dto.js';
import { SchemaDto } from '../config/dto/schema.dto.js';
import { WaitDto } from '../config/dto/wait.dto.js';
import { ConfigWatchInput, PublishInput, TargetInput } from '../grpc/config.input.js';

/** A class and samples of right input. */
export interface InputCase {
  readonly inputClass: new () => object;
  readonly samples: readonly Record<string, unknown>[];
}

const note = { author: 'ada', comment: 'why', expectedRelease: 3 };
const wait = { share: 0.95, timeoutMs: 1000 };
const stage = { name: 'canary', select: { percent: 10 }, soakMs: 5, gate: 'up', gateTimeoutMs: 9, promote: 'manual' };
const rollout = { stages: [stage, { select: { labels: { zone: ['eu', 'us'] } }, soakMs: 0 }] };
const written = { profile: 'production', name: 'discount', format: 'yaml', content: 'percent: 10', encrypted: true };
const deleted = { name: 'discount', delete: true };
const target = {
  namespace: 'shop',
  application: 'pricing',
  profiles: ['a', 'b'],
  instance: 'i-1',
  labels: { zone: 'eu' },
};
const publish = { changes: [written, deleted], rollout, wait, ...note };

/** All of them. */
export const everyInput: readonly InputCase[] = [
  { inputClass: ChangeDto, samples: [written, deleted] },
  { inputClass: PublishDto, samples: [publish] },
  { inputClass: RollbackDto, samples: [{ ...note, rollout, wait }] },
  { inputClass: SchemaDto, samples: [{ ...note, schema: { type: 'object' } }] },
  { inputClass: WaitDto, samples: [wait] },
  { inputClass: RolloutDto, samples: [rollout] },
  { inputClass: StageDto, samples: [stage] },
  { inputClass: StageSelectDto, samples: [{ percent: 10 }, { labels: { zone: 'eu' } }] },
  { inputClass: AbortDto, samples: [{ reason: 'errors' }] },
  {
    inputClass: EffectiveQuery,
    samples: [{ profiles: 'a,b', instance: 'i-1', labels: 'zone:eu,tier:a', index: '3.1', wait: '30s' }],
  },
  { inputClass: HistoryQuery, samples: [{ limit: '10', before: '5' }] },
  { inputClass: DiffQuery, samples: [{ from: '0', to: '2' }] },
  { inputClass: ReleaseQuery, samples: [{ release: '1' }] },
  { inputClass: DocumentQuery, samples: [{ profile: 'production', release: '1' }] },
  { inputClass: TargetInput, samples: [target] },
  { inputClass: ConfigWatchInput, samples: [{ target, revision: '3.1' }] },
  { inputClass: PublishInput, samples: [{ namespace: 'shop', application: 'pricing', ...publish }] },
];
