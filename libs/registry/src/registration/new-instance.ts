import { checkInstanceSpec } from '../instance/check-instance.js';
import type { RegisteredInstance } from '../instance/curator-json.js';
import type { InstanceSpec } from '../instance/instance.js';

/** A new instance as it will be registered: what was left out has its default. @throws InvalidInstanceError */
export function newInstance(spec: InstanceSpec, id: () => string, registeredAtMs: number): RegisteredInstance {
  const checked = checkInstanceSpec(spec);
  return {
    ...checked,
    id: checked.id ?? id(),
    metadata: checked.metadata ?? {},
    weight: checked.weight ?? 1,
    status: checked.status ?? 'UP',
    registeredAtMs: Math.round(registeredAtMs),
    serviceType: 'DYNAMIC',
  };
}

/** What the instance says of itself, without what the registry adds. */
export function specOf(instance: RegisteredInstance): InstanceSpec {
  const { registeredAtMs: _at, serviceType: _type, lease: _lease, ...spec } = instance;
  return spec;
}
