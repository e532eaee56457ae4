import { type ServiceInstance, takesWork } from '@corral/registry';
import type { InstanceList } from './answers/service.answers.js';
import type { ServiceState } from './service-feed.js';

/** Which instances are asked for. */
export interface InstanceFilter {
  readonly status?: string;
  readonly zone?: string;
  readonly version?: string;
  readonly healthy?: boolean;
}

/** Lists kept for one state of a service: whoever asks with more different filters than these has each made anew. */
const LISTS_MAX = 32;

/** A state is a new object after every change, so its lists go with it. */
const lists = new WeakMap<ServiceState, Map<string, string>>();

/** Whether anything is left out at all. */
export function isFiltered({ status, zone, version, healthy }: InstanceFilter): boolean {
  return status !== undefined || zone !== undefined || version !== undefined || healthy !== undefined;
}

/** The instances that fit. */
export function filterInstances(state: ServiceState, filter: InstanceFilter): ServiceInstance[] {
  return [...state.instances.values()].filter((instance) => fits(instance, filter));
}

/** The answer to a list with a filter, as JSON. */
export function filteredListText(service: string, state: ServiceState, filter: InstanceFilter): string {
  const { status, zone, version, healthy } = filter;
  const key = JSON.stringify([status, zone, version, healthy]);
  const known = lists.get(state) ?? new Map<string, string>();
  lists.set(state, known);
  const found = known.get(key);
  if (found !== undefined) return found;
  const { revision, guarded } = state;
  const list: InstanceList = { service, revision, guarded, instances: filterInstances(state, filter) };
  const text = JSON.stringify(list);
  if (known.size < LISTS_MAX) known.set(key, text);
  return text;
}

function fits(instance: ServiceInstance, { status, zone, version, healthy }: InstanceFilter): boolean {
  return (
    (status === undefined || instance.status === status) &&
    (zone === undefined || instance.zone === zone) &&
    (version === undefined || instance.version === version) &&
    (healthy === undefined || takesWork(instance) === healthy)
  );
}
