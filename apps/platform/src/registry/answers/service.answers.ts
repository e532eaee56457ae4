import type { ServiceInstance } from '@corral/registry';
import type { EventKind } from '../../openapi/answers.js';
import { whole, flag, list, part, record, text } from '../../openapi/schema.js';
import { instance } from './instance.answers.js';

/** Which services there are. */
export interface ServiceList {
  readonly services: readonly string[];
}

/** What is known of a service. */
export interface InstanceList {
  readonly service: string;
  readonly revision: string;
  /** Whether many instances vanished at once and are kept until the matter is clear. */
  readonly guarded: boolean;
  readonly instances: readonly ServiceInstance[];
}

/** What is different from the revision before. */
export interface InstanceChanges {
  readonly service: string;
  readonly revision: string;
  readonly guarded: boolean;
  readonly added: readonly ServiceInstance[];
  readonly updated: readonly ServiceInstance[];
  /** The ids. */
  readonly removed: readonly string[];
}

/** A lease as its holder sees it. */
export interface LeaseView {
  readonly instance: ServiceInstance;
  readonly lease: {
    readonly leaseId: string;
    readonly ttlMs: number;
    /** A third of it leaves room for two that are lost. */
    readonly heartbeatEveryMs: number;
  };
}

export const serviceList = record<ServiceList>('ServiceList', 'Services', {
  services: list('Their names', text('A service', { example: 'pricing' })),
});

const state = {
  service: text('The service', { example: 'pricing' }),
  revision: text('Names this state, on any platform'),
  guarded: flag('Whether many instances vanished at once and are kept until the matter is clear'),
};

export const instanceList = record<InstanceList>('InstanceList', 'The instances of a service', {
  ...state,
  instances: list('Those that there are, or that fit the filter', instance),
});

const instanceChanges = record<InstanceChanges>('InstanceChanges', 'What is different from the revision before', {
  ...state,
  added: list('Those that came', instance),
  updated: list('Those that changed, as they are now', instance),
  removed: list('Those that are gone', text('The id of an instance', { example: 'pricing-1' })),
});

/** What a watch of a service sends. */
export const serviceEvents: readonly EventKind[] = [
  { event: 'full', description: 'All instances', data: instanceList },
  { event: 'delta', description: 'A change', data: instanceChanges },
];

export const leaseView = record<LeaseView>('LeasedInstance', 'An instance and the lease that it lives by', {
  instance,
  lease: part<LeaseView['lease']>('The lease', {
    leaseId: text('Names the lease'),
    ttlMs: whole('How long the instance stays after its last heartbeat', { example: 15_000 }),
    heartbeatEveryMs: whole('A good time between heartbeats: two may be lost', { example: 5_000 }),
  }),
});
