/** The gates of the configuration, as the rollout controller asks them. */
import type { ConfigStore, Gate, GateQuestion, GateVerdict } from '@corral/live-config';
import type { GateSpec } from '../configuration/gates.js';
import { type CheckedInstance, httpVerdict, prometheusVerdict, registryVerdict } from './gate-verdicts.js';

/** Where gates look. */
export interface GateSources {
  /** The instances of a service now. */
  readonly instances: (service: string, signal: AbortSignal) => Promise<readonly CheckedInstance[]>;
  readonly store: Pick<ConfigStore, 'subscribers'>;
}

/** A gate for each specification. A gate that cannot find out throws, which leaves it open. */
export function makeGates(specs: ReadonlyMap<string, GateSpec>, sources: GateSources): Record<string, Gate> {
  return Object.fromEntries([...specs].map(([name, spec]) => [name, makeGate(spec, sources)]));
}

function makeGate(spec: GateSpec, sources: GateSources): Gate {
  switch (spec.kind) {
    case 'registry':
      return (question, signal) => askRegistry(spec.service, question, signal, sources);
    case 'http':
      return async (_question, signal) => {
        const response = await fetch(spec.url, { signal, redirect: 'manual' });
        await response.body?.cancel();
        return httpVerdict(response.status);
      };
    case 'prometheus':
      return async (_question, signal) => {
        const url = `${spec.url.replace(/\/$/, '')}/api/v1/query?query=${encodeURIComponent(spec.query)}`;
        const response = await fetch(url, { signal });
        return prometheusVerdict(await response.json(), spec);
      };
  }
}

async function askRegistry(
  service: string,
  { scope: { namespace, application }, state }: GateQuestion,
  signal: AbortSignal,
  { instances, store }: GateSources,
): Promise<GateVerdict> {
  // Instances that subscribe under the id they are registered by are known to run the release or not.
  const subscribers = application === undefined ? [] : await store.subscribers({ namespace, application }, { signal });
  const onRelease = subscribers.filter(({ release }) => release === state.release).map(({ instanceId }) => instanceId);
  return registryVerdict(await instances(service, signal), new Set(onRelease));
}
