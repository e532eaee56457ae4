import type { Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Timers } from '@corral/client';
import type { Logger } from '@corral/primitives';
import type { InstanceSpec, Registration } from '@corral/registry';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { messageOf } from '../message-of.js';
import { advertisedAddress } from './advertised-address.js';
import { checkServiceOptions } from './check-service-options.js';
import type { ServiceOptions } from './service-options.js';

/**
 * `none`: nothing is to be registered. `waiting`: the server does not listen yet. `registering`: on its way, or the ensemble is
 * away. `left`: taken away for good.
 */
export type RegistrarState = 'none' | 'waiting' | 'registering' | 'registered' | 'leaving' | 'left';

/** Where a server listens, as far as it is known. */
export interface Listening {
  readonly address?: string;
  readonly port?: number;
}

/** A registration that takes longer is worth a line in the log. */
const AWAY_AFTER_MS = 3000;
/** What the ensemble refuses (no permission, say) is tried again, because it may be put right. */
const RETRY_AFTER_REFUSAL_MS = 5000;

/**
 * Registers this process when it can take requests, not before, and takes it away while it still can.
 *
 * An HTTP application is registered by itself as soon as it listens. A pure microservice has no such moment that Nest
 * would tell, so `main.ts` says it: `app.get(ServiceRegistrar).announce(app.unwrap<Server>())` after `await app.listen()`.
 */
export class ServiceRegistrar implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #options: ServiceOptions | undefined;
  readonly #parts: RegistrarParts;
  readonly #stop = new AbortController();
  #registration: Registration | undefined;
  #state: RegistrarState;

  /** @throws InvalidInstanceError for options that cannot be registered */
  constructor(options: ServiceOptions | undefined, parts: RegistrarParts) {
    this.#options = options && checkServiceOptions(options);
    this.#parts = parts;
    this.#state = options === undefined ? 'none' : 'waiting';
  }

  /** How far it is. A registration that went with its session is on its way again. */
  get state(): RegistrarState {
    return this.#state === 'registered' && this.#registration?.isRegistered !== true ? 'registering' : this.#state;
  }

  /** What is registered; undefined before. Its metadata, status and weight can be changed through it. */
  get registration(): Registration | undefined {
    return this.#registration;
  }

  onApplicationBootstrap(): void {
    const { http } = this.#parts;
    if (this.#options === undefined || http?.httpAdapter === undefined) return;
    const announce = (): void => this.announce(http.httpAdapter.getHttpServer() as Server);
    if (http.listening) announce();
    else http.listen$.subscribe(announce);
  }

  /** Registers in the background, for as long as that takes. What goes wrong is logged and tried again: the service works, and is not found. */
  announce(server?: Server | Listening): void {
    const { log, timers } = this.#parts;
    this.register(server).catch((error: unknown) => {
      if (this.#stop.signal.aborted) return;
      log('error', `${this.#options?.name} is not registered, and is tried again: ${messageOf(error)}`);
      const timer = timers.setTimeout(() => this.announce(server), RETRY_AFTER_REFUSAL_MS);
      this.#stop.signal.addEventListener('abort', () => timers.clearTimeout(timer), { once: true });
    });
  }

  /**
   * Registers what listens at `server`, and resolves when others can find it. While the ensemble is away that lasts as long; the
   * service works meanwhile. A second call changes nothing, unless the first failed.
   * @throws InvalidInstanceError, what the ensemble refuses, and the end of the application
   */
  async register(server?: Server | Listening): Promise<Registration | undefined> {
    if (this.#options === undefined || this.#state !== 'waiting') return this.#registration;
    this.#state = 'registering';
    const { name } = this.#options;
    const timer = this.#parts.timers.setTimeout(() => {
      this.#parts.log('warn', `the ensemble is away: ${name} works, and is registered when it is back`);
    }, AWAY_AFTER_MS);
    try {
      return await this.#registerAs(this.#options, listeningAt(server));
    } catch (error) {
      this.#state = 'waiting';
      throw error;
    } finally {
      this.#parts.timers.clearTimeout(timer);
    }
  }

  async #registerAs(options: ServiceOptions, listening: Listening): Promise<Registration> {
    const { name, drainGraceMs: _drain, leaveTimeoutMs: _leave, ...spec } = options;
    const port = spec.port ?? listening.port;
    const address = advertisedAddress({
      configured: spec.address,
      bound: listening.address,
      towardsEnsemble: await this.#parts.addressTowardsEnsemble(),
      interfaces: Object.values(networkInterfaces()).flatMap((entries) => entries ?? []),
    });
    const { signal } = this.#stop;
    signal.throwIfAborted();
    const registration = await this.#parts.registry.register(
      { ...spec, service: name, address, ...(port === undefined ? {} : { port }) },
      { signal },
    );
    this.#registration = registration;
    this.#state = 'registered';
    this.#parts.log('info', `registered as ${name} at ${address}${port === undefined ? '' : `:${port}`}`);
    return registration;
  }

  /** Before the server closes: turns clients away, lets them notice, leaves. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort(new Error('the application shuts down'));
    const registration = this.#registration;
    if (registration === undefined || this.#options === undefined || this.#state !== 'registered') return;
    this.#state = 'leaving';
    const { drainGraceMs = 1000, leaveTimeoutMs = 5000 } = this.#options;
    const departure = registration.drain({ graceMs: drainGraceMs });
    await this.#within(leaveTimeoutMs, departure);
    this.#state = 'left';
  }

  /** A departure that fails or takes too long, as without the ensemble, must not hold up a shutdown: the end of the session completes it. */
  #within(timeoutMs: number, departure: Promise<void>): Promise<void> {
    const { timers, log } = this.#parts;
    return new Promise((resolve) => {
      const giveUp = (why: string): void => {
        log('warn', `the registration is left to the end of the session: ${why}`);
        resolve();
      };
      const timer = timers.setTimeout(() => giveUp(`leaving took longer than ${timeoutMs} ms`), timeoutMs);
      departure.then(resolve, (error: unknown) => giveUp(messageOf(error))).finally(() => timers.clearTimeout(timer));
    });
  }
}

/** What a registrar works with. */
export interface RegistrarParts {
  readonly registry: {
    register(spec: InstanceSpec, call: { readonly signal: AbortSignal }): Promise<Registration>;
  };
  /** Absent in an application without HTTP. */
  readonly http: Pick<HttpAdapterHost, 'httpAdapter' | 'listening' | 'listen$'> | undefined;
  addressTowardsEnsemble(): Promise<string | undefined>;
  readonly timers: Timers;
  readonly log: Logger;
}

function listeningAt(server: Server | Listening | undefined): Listening {
  if (server === undefined) return {};
  const where = 'listen' in server ? server.address() : server;
  // A pipe or a Unix socket has a name; others cannot come in that way.
  return where === null || typeof where === 'string' ? {} : where;
}
