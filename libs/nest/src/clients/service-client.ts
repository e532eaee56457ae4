import { systemTimers, type Timers } from '@corral/client';
import type { ServiceInstance } from '@corral/registry';
import type { OnApplicationShutdown } from '@nestjs/common';
import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { checkClientSettings } from './check-client-settings.js';
import { InstancesUnknownError } from './client-errors.js';
import { Exchange } from './exchange.js';
import type { InstanceAddress, InstanceLink } from './instance-link.js';
import { InstanceLinks } from './instance-links.js';
import { reach, type Reached } from './reach.js';
import type { ServicePool } from './service-pool.js';
import { TcpLink, type TcpOptions } from './tcp-link.js';

/** How messages of a service client travel. Everything has a default. */
export interface ServiceClientSettings {
  /** The longest silence of an instance before a request fails; 5 s. */
  readonly timeoutMs?: number;
  /** How long a connection may take before another instance is tried; 1 s. */
  readonly connectTimeoutMs?: number;
  /** How many instances are tried when there is no connection; 3. */
  readonly attemptsMax?: number;
  /** What belongs together, for the strategies `sticky` and `consistent-hash`: messages of one key go to one instance. */
  readonly keyOf?: (pattern: unknown, data: unknown) => string;
  /** The port of the TCP transport, where that is not the registered one: `(instance) => Number(instance.metadata?.tcpPort)`. */
  readonly portOf?: (instance: ServiceInstance) => number | undefined;
  /** TLS and limits of the connections. */
  readonly tcp?: TcpOptions;
}

/** For tests: no sockets, no clock. */
export interface ServiceClientParts {
  readonly makeLink?: (where: InstanceAddress) => InstanceLink;
  readonly timers?: Timers;
}

/**
 * A `ClientProxy` that sends every message to one of the instances that the registry knows: found by name, chosen by the pool's
 * strategy, over Nest's TCP transport.
 *
 * A message for which no connection could be made was not sent, and goes to another instance. One that was sent is never sent
 * again, whatever happens, because only the caller knows whether twice is harmless. Connections to instances that have left are closed when the last answer is in.
 */
export class ServiceClient extends ClientProxy implements OnApplicationShutdown {
  readonly #service: string;
  readonly #pool: ServicePool;
  readonly #settings: ServiceClientSettings;
  readonly #links: InstanceLinks;
  readonly #timers: Timers;
  readonly #timeoutMs: number;
  readonly #forget: () => void;

  /** @throws InvalidOptionError for a setting that cannot be */
  constructor(
    service: string,
    pool: ServicePool,
    settings: ServiceClientSettings = {},
    parts: ServiceClientParts = {},
  ) {
    super();
    this.#service = service;
    this.#pool = pool;
    this.#settings = checkClientSettings(service, settings);
    this.#timers = parts.timers ?? systemTimers;
    this.#timeoutMs = settings.timeoutMs ?? 5000;
    this.#links = new InstanceLinks(parts.makeLink ?? ((where) => new TcpLink(where, settings.tcp)));
    this.#forget = pool.onChange(() => this.#links.keep(pool.instances.flatMap((one) => this.#addressOf(one) ?? [])));
  }

  /** Resolves when the instances are known. Connections are made when they are needed. @throws InstancesUnknownError */
  async connect(): Promise<void> {
    const tooLate = new AbortController();
    const timer = this.#timers.setTimeout(
      () => tooLate.abort(new InstancesUnknownError(this.#service, this.#timeoutMs)),
      this.#timeoutMs,
    );
    try {
      await this.#pool.ready({ signal: tooLate.signal });
    } finally {
      this.#timers.clearTimeout(timer);
    }
  }

  /** Closes all connections at once, and no longer follows the registry. */
  close(): void {
    this.#forget();
    this.#pool.close();
    this.#links.closeAll();
  }

  onApplicationShutdown(): void {
    this.close();
  }

  /** The pool, to see who is in it. */
  unwrap<T = ServicePool>(): T {
    return this.#pool as T;
  }

  protected publish(packet: ReadPacket, onAnswer: (packet: WritePacket) => void): () => void {
    let exchange: Exchange | undefined;
    let isAbandoned = false;
    this.#reach(packet).then(
      (reached) => {
        if (isAbandoned) return reached.finish('ignored');
        const options = { service: this.#service, timeoutMs: this.#timeoutMs, timers: this.#timers };
        exchange = new Exchange(reached, options, onAnswer);
        exchange.begin(packet);
      },
      (err: unknown) => onAnswer({ err, isDisposed: true }),
    );
    return () => {
      isAbandoned = true;
      exchange?.abandon();
    };
  }

  protected async dispatchEvent<T>(packet: ReadPacket): Promise<T> {
    const reached = await this.#reach(packet);
    try {
      await reached.link.event(packet);
      reached.finish('success');
    } catch (error) {
      reached.finish('failure');
      throw error;
    }
    return undefined as T;
  }

  #reach({ pattern, data }: ReadPacket): Promise<Reached> {
    const { keyOf, attemptsMax = 3, connectTimeoutMs = 1000 } = this.#settings;
    const key = keyOf === undefined ? {} : { key: keyOf(pattern, data) };
    return reach({
      service: this.#service,
      links: this.#links,
      attemptsMax,
      connectTimeoutMs,
      pick: (exclude) => this.#pool.pick({ ...key, exclude }),
      portOf: (instance) => this.#addressOf(instance)?.port,
    });
  }

  #addressOf(instance: ServiceInstance): InstanceAddress | undefined {
    const port = this.#settings.portOf === undefined ? instance.port : this.#settings.portOf(instance);
    return port === undefined ? undefined : { id: instance.id, address: instance.address, port };
  }
}
