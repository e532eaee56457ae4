import type { Client, ClientOptions } from '@corral/client';
import { TestEnsemble } from '@corral/client/testing';
import type { ConfigClient } from './ensemble/client-port.js';
import { ConfigStore } from './store/config-store.js';
import type { ConfigStoreOptions, ReleaseRequest, ReleaseResult, WallClock } from './store/types.js';
import { ConfigSubscription } from './subscription/config-subscription.js';
import type { LocalCopyStore, SubscriptionClock, SubscriptionOptions } from './subscription/types.js';

/** What most specs publish to. */
export const SCOPE = { namespace: 'shop', application: 'cart' };

/** A store and subscribers on an ensemble whose time the spec moves. */
export class ConfigStage {
  readonly ensemble = new TestEnsemble();
  readonly clock = virtualClock(this.ensemble);

  /** A connected client. */
  client(options: Partial<ClientOptions> = {}): Promise<Client> {
    return this.ensemble.connect({ sessionTimeoutMs: 6000, ...options });
  }

  store(client: ConfigClient, options: ConfigStoreOptions = {}): ConfigStore {
    return new ConfigStore(client, { clock: this.clock, author: 'spec', ...options });
  }

  subscribe(client: ConfigClient, options: Partial<SubscriptionOptions> = {}): ConfigSubscription {
    const random = (): number => 0.5;
    return new ConfigSubscription(client, { target: SCOPE, clock: this.clock, random, ...options });
  }

  /** Lets everything happen that is due, and gives what the promise gives. */
  run<T>(promise: Promise<T>): Promise<T> {
    return this.ensemble.result(promise);
  }

  /** The same for a call that waits: so much time passes. */
  async runFor<T>(ms: number, promise: Promise<T>): Promise<T> {
    promise.catch(() => undefined);
    await this.ensemble.pass(ms);
    return promise;
  }

  pass(ms: number): Promise<void> {
    return this.ensemble.pass(ms);
  }

  /** Publishes one YAML document. */
  publish(store: ConfigStore, content: string, more: Partial<ReleaseRequest> = {}): Promise<ReleaseResult> {
    return this.run(store.publish({ scope: SCOPE, changes: [{ name: 'main', format: 'yaml', content }], ...more }));
  }
}

/** A member's wall clock is so far ahead of its virtual time. */
const WALL_CLOCK_OFFSET_MS = 1_600_000_000_000;

function virtualClock({ timers }: TestEnsemble): WallClock & SubscriptionClock {
  return {
    nowMs: () => WALL_CLOCK_OFFSET_MS + timers.nowMs(),
    after: (ms, callback) => {
      const timer = timers.setTimeout(callback, ms);
      return () => timers.clearTimeout(timer);
    },
    wait: (ms) => new Promise((resolve) => timers.setTimeout(resolve, ms)),
  };
}

/** A local copy in memory. */
export class MemoryCopy implements LocalCopyStore {
  readonly name = 'memory';
  bytes: Uint8Array | undefined;

  read(): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.bytes);
  }

  write(bytes: Uint8Array): Promise<void> {
    this.bytes = bytes;
    return Promise.resolve();
  }
}

/** A client, one of whose methods does something else: it is handed the call as it would have been. */
export function intercept(
  client: ConfigClient,
  method: string,
  instead: (call: () => Promise<unknown>) => Promise<unknown>,
): ConfigClient {
  return new Proxy(client, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const call = (args: unknown[]) => (member as (...args: unknown[]) => Promise<unknown>).apply(target, args);
      return (...args: unknown[]) => (name === method ? instead(() => call(args)) : call(args));
    },
  });
}

/** A client whose writes fail after so many: as if the process had died there. */
export class DyingClient {
  writesLeft: number;
  readonly client: ConfigClient;

  constructor(client: Client, writesMax: number) {
    this.writesLeft = writesMax;
    const dieOrCall = (call: () => Promise<unknown>): Promise<unknown> => {
      if (this.writesLeft === 0) return Promise.reject(new Error('died'));
      this.writesLeft -= 1;
      return call();
    };
    const writes = ['create', 'set', 'delete', 'multi'];
    this.client = writes.reduce((under: ConfigClient, write) => intercept(under, write, dieOrCall), client);
  }
}
