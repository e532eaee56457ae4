import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { type Client, NoNodeError, systemTimers, type Timers } from '@corral/client';
import { checkGuard, checkPayload, checkPoolOptions, checkRoot } from './check-options.js';
import { RegistryClosedError } from './errors.js';
import { checkServiceName } from './instance/check-instance.js';
import type { PayloadStyle } from './instance/curator-json.js';
import type { InstanceSpec, ServiceInstance } from './instance/instance.js';
import { Layout } from './layout.js';
import { PlatformMembership } from './platform/membership.js';
import { ViewPool } from './pool/instance-pool.js';
import { LiveRegistration } from './registration/live-registration.js';
import { newInstance } from './registration/new-instance.js';
import { ServicePlaces } from './registration/service-places.js';
import type { CallOptions, InstancePool, PoolOptions, Registration, RegistryOptions, WatchOptions } from './types.js';
import { type FollowerParts, ServiceFollower } from './watch/service-follower.js';
import type { ServicesUpdate, ServiceUpdate } from './watch/service-update.js';
import { ServiceView } from './watch/service-view.js';
import { watchService } from './watch/watch-service.js';
import { watchServices } from './watch/watch-services.js';

/** Services register themselves here and find each other. One for each client is enough; it does not own the client. */
export class Registry {
  /** Where everything is in the ensemble. */
  readonly layout: Layout;
  /** The platforms of the ensemble. It rests until something that platforms do (leases, checks, probes) is started. */
  readonly membership: PlatformMembership;
  /** What stands in the payload of instances. */
  readonly payload: PayloadStyle;
  /** How long instances of which nothing was found out are kept. */
  readonly guardKeepMs: number;
  readonly #client: Client;
  readonly #options: RegistryOptions;
  readonly #timers: Timers;
  readonly #random: () => number;
  readonly #parts: FollowerParts;
  readonly #registrations = new Set<LiveRegistration>();
  readonly #followers = new Map<string, { readonly follower: ServiceFollower; users: number }>();
  readonly #places: ServicePlaces;
  readonly #end = new AbortController();

  /** @throws InvalidInstanceError for an option that cannot be */
  constructor(client: Client, options: RegistryOptions = {}) {
    // One for each watch.
    setMaxListeners(0, this.#end.signal);
    this.#client = client;
    this.#options = options;
    this.layout = new Layout(
      checkRoot('root', options.root ?? '/services'),
      checkRoot('notesRoot', options.notesRoot ?? '/corral/registry'),
    );
    this.#timers = options.timers ?? systemTimers;
    this.#random = options.random ?? Math.random;
    const logger = options.logger ?? (() => undefined);
    this.#places = new ServicePlaces(client, this.layout);
    const guard = checkGuard(options.guard ?? {});
    this.guardKeepMs = guard.keepMs;
    this.payload = checkPayload(options.payload ?? 'none');
    this.membership = new PlatformMembership(client, this.layout, randomUUID(), logger);
    this.#parts = {
      client,
      layout: this.layout,
      guard,
      timers: this.#timers,
      logger,
      onBadInstance:
        options.onBadInstance ??
        (({ service, id, error }) => {
          logger('warn', 'a znode is no instance, and is left out', { service, id, cause: error.message });
        }),
    };
  }

  /**
   * Registers an instance, and keeps it registered over reconnects and new sessions, until it leaves. While the ensemble is away this waits.
   * @throws InvalidInstanceError, the signal's reason, what the ensemble refuses
   */
  async register(spec: InstanceSpec, call?: CallOptions): Promise<Registration> {
    this.#checkOpen();
    const nowMs = this.#options.wallClockMs?.() ?? Date.now();
    const { logger } = this.#parts;
    const registration: LiveRegistration = new LiveRegistration(newInstance(spec, randomUUID, nowMs), {
      client: this.#client,
      layout: this.layout,
      places: this.#places,
      payload: this.payload,
      timers: this.#timers,
      logger,
      onLeft: () => this.#registrations.delete(registration),
    });
    this.#registrations.add(registration);
    await registration.start(call);
    return registration;
  }

  /** The names of all services, sorted; also of those whose last instance has just gone. */
  async services(call?: CallOptions): Promise<string[]> {
    try {
      return await this.#client.children(this.layout.root, call);
    } catch (error) {
      if (error instanceof NoNodeError) return [];
      throw error;
    }
  }

  /** The instances of a service: from a view of it when there is one, from the ensemble otherwise. */
  async instances(service: string, call?: CallOptions): Promise<readonly ServiceInstance[]> {
    const view = this.view(service);
    try {
      await view.ready(call);
      return view.instances;
    } finally {
      view.close();
    }
  }

  /** The present state of a service, kept current until it is closed. @throws InvalidInstanceError */
  view(service: string): ServiceView {
    this.#checkOpen();
    checkServiceName(service);
    let shared = this.#followers.get(service);
    if (shared === undefined) {
      shared = { follower: new ServiceFollower(service, this.#parts), users: 0 };
      this.#followers.set(service, shared);
    }
    const used = shared;
    used.users += 1;
    return new ServiceView(used.follower, () => {
      used.users -= 1;
      if (used.users > 0) return;
      this.#followers.delete(service);
      used.follower.close();
    });
  }

  /**
   * The state of a service, and then what changes. The first update comes as soon as the state is known, in any case: a full one, or with
   * `since` what was missed. Ends when the signal says so, or the registry or the client is closed. @throws InvalidInstanceError
   */
  watch(service: string, options: WatchOptions = {}): AsyncIterable<ServiceUpdate> {
    this.#checkOpen();
    checkServiceName(service);
    return { [Symbol.asyncIterator]: () => watchService(this.view(service), options, this.#end.signal) };
  }

  /** The names of the services, and again whenever one comes or goes. */
  watchServices(call: CallOptions = {}): AsyncIterable<ServicesUpdate> {
    this.#checkOpen();
    return { [Symbol.asyncIterator]: () => watchServices(this.#client, this.layout.root, call, this.#end.signal) };
  }

  /** The instances of a service that take work, balanced. @throws InvalidInstanceError */
  pool(service: string, options: PoolOptions = {}): InstancePool {
    const checked = checkPoolOptions(options);
    return new ViewPool(this.view(service), checked, {
      timers: this.#timers,
      random: this.#random,
      closed: this.#end.signal,
    });
  }

  /** Ends all watches, and lets all registrations leave. The client stays open. */
  async close(): Promise<void> {
    if (this.#end.signal.aborted) return;
    const left = [...this.#registrations].map((registration) => registration.leave());
    this.#end.abort(new RegistryClosedError('the registry'));
    await Promise.all(left);
    for (const { follower } of this.#followers.values()) follower.close();
    this.#followers.clear();
  }

  #checkOpen(): void {
    if (this.#end.signal.aborted) throw new RegistryClosedError('the registry');
  }
}
