import type { Timers } from '@corral/client';
import type { Balancer, Candidate } from '../balancing/balancer.js';
import { Ejector } from '../balancing/ejection.js';
import { makeBalancer } from '../balancing/make-balancer.js';
import type { checkPoolOptions } from '../check-options.js';
import { NoInstanceError, RegistryClosedError } from '../errors.js';
import { type ServiceInstance, takesWork } from '../instance/instance.js';
import type { CallOptions, InstancePool, Outcome, Pick, PickOptions } from '../types.js';
import type { ServiceView } from '../watch/service-view.js';

/** What a pool works with. */
export interface PoolParts {
  readonly timers: Timers;
  readonly random: () => number;
  /** Aborted when the registry is closed. */
  readonly closed: AbortSignal;
}

/** A pool over a view: works out the candidates when something changes, and leaves each choice to the balancer. */
export class ViewPool implements InstancePool {
  readonly #view: ServiceView;
  readonly #balancer: Balancer;
  readonly #ejector: Ejector | undefined;
  readonly #timers: Timers;
  /** Kept by id, so that the calls that an instance has are not forgotten when another one comes or goes. */
  readonly #byId = new Map<string, Candidate>();
  #candidates: readonly Candidate[] = [];
  #isOutdated = true;
  readonly #stopListening: () => void;
  readonly #registryClosed: AbortSignal;
  #isClosed = false;

  /** `options`: with nothing left open. */
  constructor(view: ServiceView, options: ReturnType<typeof checkPoolOptions>, { closed, random, timers }: PoolParts) {
    this.#view = view;
    this.#timers = timers;
    this.#registryClosed = closed;
    this.#balancer = makeBalancer(options.strategy, random, options.zone);
    this.#ejector = options.ejection === false ? undefined : new Ejector(options.ejection);
    this.#stopListening = view.onChange(() => {
      this.#isOutdated = true;
    });
  }

  get service(): string {
    return this.#view.service;
  }

  get instances(): readonly ServiceInstance[] {
    return this.#view.instances;
  }

  get isStale(): boolean {
    return this.#view.isStale;
  }

  async ready(call?: CallOptions): Promise<void> {
    await this.#view.ready(call);
    this.#isOutdated = true;
  }

  onChange(listener: () => void): () => void {
    return this.#view.onChange(listener);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#view.close();
  }

  pick(options: PickOptions = {}): Pick {
    // What it knows is of then, and nobody would notice.
    if (this.#isClosed || this.#registryClosed.aborted) throw new RegistryClosedError(`the pool of ${this.service}`);
    const nowMs = this.#timers.nowMs();
    if (this.#isOutdated || (this.#ejector !== undefined && nowMs >= this.#ejector.wakesAtMs)) this.#workOut(nowMs);
    const candidate = this.#balancer.pick(this.#candidates, options);
    if (candidate === undefined) throw new NoInstanceError(this.service, this.instances.length);
    candidate.outstanding += 1;
    let isDone = false;
    return {
      instance: candidate.instance,
      done: (outcome) => {
        if (isDone) return;
        isDone = true;
        this.#done(candidate, outcome);
      },
    };
  }

  #done(candidate: Candidate, outcome: Outcome): void {
    candidate.outstanding -= 1;
    if (outcome === 'ignored' || this.#ejector === undefined) return;
    const instances = this.#byId.size;
    const { id } = candidate.instance;
    if (this.#ejector.note(id, outcome === 'success', this.#timers.nowMs(), instances)) this.#isOutdated = true;
  }

  #workOut(nowMs: number): void {
    this.#isOutdated = false;
    const able = this.#view.instances.filter((instance) => takesWork(instance) && instance.weight > 0);
    const ids = new Set(able.map(({ id }) => id));
    for (const id of this.#byId.keys()) if (!ids.has(id)) this.#byId.delete(id);
    this.#ejector?.retain(ids, nowMs);
    this.#candidates = able
      .map((instance) => this.#candidateOf(instance))
      .filter(({ instance }) => this.#ejector?.rests(instance.id, nowMs) !== true);
  }

  #candidateOf(instance: ServiceInstance): Candidate {
    const known = this.#byId.get(instance.id);
    if (known !== undefined) {
      known.instance = instance;
      return known;
    }
    const candidate: Candidate = { instance, outstanding: 0 };
    this.#byId.set(instance.id, candidate);
    return candidate;
  }
}
