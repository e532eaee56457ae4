/** Every class of input, with right values for all of its fields. */
import { AcknowledgementDto } from '../config/dto/acknowledgement.dto.js';
import { PublishDto, ChangeDto } from '../config/dto/publish.dto.js';
import { DiffQuery, DocumentQuery, EffectiveQuery, HistoryQuery, ReleaseQuery } from '../config/dto/queries.js';
import { RollbackDto } from '../config/dto/rollback.dto.js';
import { AbortDto, PromoteDto, RolloutDto, StageDto, StageSelectDto } from '../config/dto/rollout.dto.js';
import { SchemaDto } from '../config/dto/schema.dto.js';
import { SpringImportDto } from '../config/dto/spring-import.dto.js';
import { WaitDto } from '../config/dto/wait.dto.js';
import { AppliedInput, ConfigWatchInput, PublishInput, SubscribeInput, TargetInput } from '../grpc/config.input.js';
import { HeartbeatInput, InstanceInput, ListInput, RegisterInput, ServiceWatchInput } from '../grpc/registry.input.js';
import { InstancesQuery } from '../registry/dto/instances.query.js';
import { CheckDto, DrainDto, RegisterDto, UpdateInstanceDto } from '../registry/dto/register.dto.js';

const instance = {
  port: 80,
  sslPort: 443,
  metadata: { team: 'shop', toString: 'x' },
  zone: 'eu-1',
  weight: 2.5,
  version: '1.0',
  status: 'UP',
  check: { kind: 'http' },
};
const check = {
  kind: 'http',
  path: '/health',
  serviceName: 'shop',
  port: 81,
  tls: true,
  intervalMs: 5000,
  timeoutMs: 500,
  rise: 1,
  fall: 2,
};

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
  {
    inputClass: SpringImportDto,
    samples: [{ applications: ['cart'], defaults: true, document: 'spring', author: 'ada', comment: 'why' }],
  },
  { inputClass: WaitDto, samples: [wait] },
  { inputClass: AcknowledgementDto, samples: [{ revision: '12.3', error: 'too large', profiles: ['a', 'b'] }] },
  { inputClass: RolloutDto, samples: [rollout] },
  { inputClass: StageDto, samples: [stage] },
  { inputClass: StageSelectDto, samples: [{ percent: 10 }, { labels: { zone: 'eu' } }] },
  { inputClass: PromoteDto, samples: [{ release: 7, stage: 0 }] },
  { inputClass: AbortDto, samples: [{ reason: 'errors' }] },
  {
    inputClass: EffectiveQuery,
    samples: [
      { profiles: 'a,b', instance: 'i-1', labels: 'zone:eu,tier:a', acknowledge: 'true', index: '3.1', wait: '30s' },
    ],
  },
  { inputClass: HistoryQuery, samples: [{ limit: '10', before: '5' }] },
  { inputClass: DiffQuery, samples: [{ from: '0', to: '2' }] },
  { inputClass: ReleaseQuery, samples: [{ release: '1' }] },
  { inputClass: DocumentQuery, samples: [{ profile: 'production', release: '1' }] },
  { inputClass: CheckDto, samples: [check] },
  { inputClass: RegisterDto, samples: [{ ...instance, id: 'a-1', address: '10.0.0.1', ttlMs: 5000 }] },
  { inputClass: UpdateInstanceDto, samples: [{ ...instance, address: '10.0.0.1' }] },
  { inputClass: DrainDto, samples: [{ graceMs: 0 }] },
  {
    inputClass: InstancesQuery,
    samples: [{ status: 'UP', zone: 'eu', version: '1', healthy: 'true', index: '1-a', wait: '0' }],
  },
  { inputClass: InstanceInput, samples: [{ ...instance, service: 'web', id: 'a-1', address: '10.0.0.1' }] },
  {
    inputClass: RegisterInput,
    samples: [{ instance: { service: 'web', address: '10.0.0.1' }, ttlMs: 5000, leaseId: 'l-1' }],
  },
  { inputClass: HeartbeatInput, samples: [{ service: 'web', id: 'a-1' }] },
  { inputClass: ListInput, samples: [{ service: 'web', status: 'UP', zone: 'eu', version: '1', healthy: true }] },
  { inputClass: ServiceWatchInput, samples: [{ service: 'web', revision: '1-a' }] },
  { inputClass: TargetInput, samples: [target] },
  { inputClass: ConfigWatchInput, samples: [{ target, revision: '3.1' }] },
  { inputClass: SubscribeInput, samples: [{ target }] },
  { inputClass: AppliedInput, samples: [{ applied: { revision: '3.1' } }] },
  { inputClass: PublishInput, samples: [{ namespace: 'shop', application: 'pricing', ...publish }] },
];
