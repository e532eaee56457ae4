/** Instances in the form of registry.proto. */
import type { Lease, ServiceInstance } from '@corral/registry';
import type { FeedEvent } from '../streams/feed.js';

/** What an event of a service's feed says, read back from its JSON. */
interface ServiceEvent {
  readonly revision: string;
  readonly guarded: boolean;
  readonly instances?: readonly ServiceInstance[];
  readonly added?: readonly ServiceInstance[];
  readonly updated?: readonly ServiceInstance[];
  readonly removed?: readonly string[];
}

/** `Instance` */
export function instanceMessage(instance: ServiceInstance): object {
  const { service, id, address, port, sslPort, metadata, zone, weight, version, status, health, registeredAtMs } =
    instance;
  return { service, id, address, port, sslPort, metadata, zone, weight, version, status, health, registeredAtMs };
}

/** `RegisterResponse` */
export function registerResponseOf({ instance, leaseId, ttlMs }: Lease): object {
  return { instance: instanceMessage(instance), leaseId, ttlMs };
}

/** `WatchResponse` */
export function watchResponseOf({ kind, text }: FeedEvent): object {
  const {
    revision,
    guarded,
    instances = [],
    added = [],
    updated = [],
    removed = [],
  } = JSON.parse(text) as ServiceEvent;
  if (kind === 'full') return { revision, guarded, full: { instances: instances.map(instanceMessage) } };
  return {
    revision,
    guarded,
    delta: { added: added.map(instanceMessage), updated: updated.map(instanceMessage), removed },
  };
}
