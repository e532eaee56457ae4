import type { Logger } from '@corral/primitives';
import { type Lease, LeaseKeeper, type PayloadStyle, Registry, type ServiceInstance } from '@corral/registry';
import type { Ensemble } from '../ensemble/ensemble.js';
import { ProblemError } from '../errors/problem.js';
import type { DrainDto, RegisterDto, UpdateInstanceDto } from './dto/register.dto.js';
import type { RegistryFeeds } from './registry-feeds.js';

/** How long an instance stays after its last heartbeat when it does not say otherwise. */
const TTL_MS_DEFAULT = 15_000;
/** An instance that was registered by another platform a moment ago is waited for so long. */
const SEEN_MS_MAX = 1_000;

/** Registrations without a session: leases, as callers of the platform ask for them. */
export class RegistryService {
  readonly registry: Registry;
  readonly leases: LeaseKeeper;
  readonly #ensemble: Ensemble;

  constructor(ensemble: Ensemble, options: { root: string; payload: PayloadStyle; logger: Logger }) {
    this.#ensemble = ensemble;
    this.registry = new Registry(ensemble.client, options);
    this.leases = new LeaseKeeper(ensemble.client, this.registry, { logger: options.logger });
  }

  /** Registers an instance under a lease. @throws InvalidInstanceError, InstanceExistsError */
  register(service: string, { ttlMs, ...fields }: RegisterDto): Promise<Lease> {
    return this.#ensemble.within(this.leases.grant({ ...fields, service }, ttlMs ?? TTL_MS_DEFAULT));
  }

  /** Keeps an instance alive for another while. @throws ProblemError when it is gone, or has no lease */
  async heartbeat(feeds: RegistryFeeds, service: string, id: string): Promise<Lease> {
    return this.#ensemble.within(this.leases.renew(await this.#leaseIdOf(feeds, service, id)));
  }

  /** Changes an instance in place. */
  async update(feeds: RegistryFeeds, service: string, id: string, patch: UpdateInstanceDto): Promise<Lease> {
    return this.#ensemble.within(this.leases.update(await this.#leaseIdOf(feeds, service, id), patch));
  }

  /** Shows an instance as draining, and lets it leave after the grace. */
  async drain(feeds: RegistryFeeds, service: string, id: string, { graceMs }: DrainDto): Promise<Lease> {
    const leaseId = await this.#leaseIdOf(feeds, service, id);
    return this.#ensemble.within(this.leases.drain(leaseId, graceMs));
  }

  /** Takes an instance out at once. */
  async leave(feeds: RegistryFeeds, service: string, id: string): Promise<void> {
    await this.#ensemble.within(this.leases.revoke(await this.#leaseIdOf(feeds, service, id)));
  }

  close(): Promise<void> {
    return this.registry.close();
  }

  async #leaseIdOf(feeds: RegistryFeeds, service: string, id: string): Promise<string> {
    const instance = await this.#find(feeds, service, id);
    if (instance === undefined) {
      throw new ProblemError('not-found', `service ${service} has no instance ${id}; register it again`);
    }
    if (instance.lease === undefined) {
      throw new ProblemError('conflict', `instance ${id} of ${service} lives by a session of its own, not by a lease`);
    }
    return instance.lease.leaseId;
  }

  #find(feeds: RegistryFeeds, service: string, id: string): Promise<ServiceInstance | undefined> {
    const patience = AbortSignal.timeout(SEEN_MS_MAX);
    return feeds.during(service, AbortSignal.timeout(SEEN_MS_MAX * 5), async (feed) => {
      for (;;) {
        const instance = feed.state?.instances.get(id);
        if (instance !== undefined || patience.aborted) return instance;
        await feed.changed(patience).catch(() => undefined);
      }
    });
  }
}
