import {
  type Client,
  ClientClosedError,
  ConnectionLossError,
  type ConnectionState,
  isConnected,
  NodeExistsError,
  NoNodeError,
  ops,
  ServerError,
  SessionExpiredError,
  type Timers,
} from '@corral/client';
import type { Logger } from '@corral/primitives';
import { eitherSignal } from '../either-signal.js';
import { RegistryClosedError } from '../errors.js';
import { checkGrace, checkInstanceSpec } from '../instance/check-instance.js';
import { encodeInstance, type PayloadStyle, type RegisteredInstance } from '../instance/curator-json.js';
import type { InstancePatch, ServiceInstance } from '../instance/instance.js';
import type { Layout } from '../layout.js';
import type { CallOptions, Registration } from '../types.js';
import { whileConnected } from '../while-connected.js';
import { specOf } from './new-instance.js';
import { announceDeparture } from './departure.js';
import { type ServicePlaces, unlessAborted } from './service-places.js';

/** What a registration works with. */
export interface RegistrationParts {
  readonly client: Client;
  readonly layout: Layout;
  readonly places: ServicePlaces;
  readonly payload: PayloadStyle;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Told when it has left. */
  readonly onLeft: () => void;
}

/** After a refusal by the server (no permission, say) it is tried again, because what was refused may be put right. */
const RETRY_AFTER_REFUSAL_MS = 5000;

/**
 * Keeps one ephemeral znode as it should be: there, of this session, with the data of now. Writes go one after the other, so that the
 * last one wins here as well as in the ensemble. A znode of the same path that belongs to another session is replaced, as Curator does:
 * it is what an earlier life of this instance left behind. Whoever is replaced so gives way, and comes again when the other has gone: two
 * that have the same id by mistake do not fight.
 */
export class LiveRegistration implements Registration {
  readonly #parts: RegistrationParts;
  readonly #stopListening: () => void;
  readonly #left = new AbortController();
  #instance: RegisteredInstance;
  #isRegistered = false;
  /** What the ensemble was told last. */
  #written: string | undefined;
  #writes: Promise<void> = Promise.resolve();
  #retry: unknown;

  constructor(instance: RegisteredInstance, parts: RegistrationParts) {
    this.#instance = instance;
    this.#parts = parts;
    this.#stopListening = parts.client.onState((state) => {
      this.#stateChanged(state);
    });
  }

  get instance(): ServiceInstance {
    return { ...this.#instance, health: 'unknown' };
  }

  get isRegistered(): boolean {
    return this.#isRegistered;
  }

  /** Registers. @throws the signal's reason, and what the server refuses */
  async start(call?: CallOptions): Promise<void> {
    try {
      await this.#write(call);
    } catch (error) {
      // A create that was under way may still be done.
      void this.leave();
      throw error;
    }
  }

  async update(patch: InstancePatch, call?: CallOptions): Promise<void> {
    if (this.#left.signal.aborted) throw new RegistryClosedError(`the registration of ${this.#path}`);
    const { service, id } = this.#instance;
    const spec = checkInstanceSpec({ ...specOf(this.#instance), ...patch, service, id });
    const { metadata = {}, weight = 1, status = 'UP' } = spec;
    const { registeredAtMs, serviceType } = this.#instance;
    this.#instance = { ...spec, id, metadata, weight, status, registeredAtMs, serviceType };
    await this.#write(call);
  }

  async drain({ graceMs, signal }: { readonly graceMs: number } & CallOptions): Promise<void> {
    checkGrace(graceMs);
    if (this.#left.signal.aborted) return;
    const { client, timers } = this.#parts;
    // With the ensemble away there is nobody to tell; the grace is for the requests that are under way.
    const told = this.update({ status: 'DRAINING' }, { signal }).catch(() => undefined);
    if (isConnected(client.state)) await told;
    const cut = eitherSignal(this.#left.signal, signal);
    await new Promise<void>((resolve) => {
      const timer = timers.setTimeout(resolve, graceMs);
      const stop = (): void => {
        timers.clearTimeout(timer);
        resolve();
      };
      cut.signal.addEventListener('abort', stop, { once: true });
      if (cut.signal.aborted) stop();
    });
    cut.release();
    await this.leave();
  }

  async leave(): Promise<void> {
    if (this.#left.signal.aborted) return;
    this.#stop();
    const { client, layout, logger } = this.#parts;
    const { service, id } = this.#instance;
    const gone = this.#writes
      .catch(() => undefined)
      .then(() => announceDeparture(client, layout, service, id))
      .catch((error: unknown) => {
        logger('warn', 'an instance has left without the ensemble', { service, id, cause: String(error) });
      });
    // With the ensemble away, the end of the session does the rest, or the next connection.
    await whileConnected(client, gone);
  }

  get #data(): string {
    return encodeInstance(this.#instance, this.#parts.payload);
  }

  get #path(): string {
    return this.#parts.layout.instance(this.#instance.service, this.#instance.id);
  }

  #stop(): void {
    this.#stopListening();
    this.#parts.client.removeWatcher(this.#path, this.#onGone);
    this.#left.abort(new RegistryClosedError(`the registration of ${this.#path}`));
    this.#parts.timers.clearTimeout(this.#retry);
    this.#isRegistered = false;
    this.#parts.onLeft();
  }

  #stateChanged(state: ConnectionState): void {
    if (state === 'lost') this.#isRegistered = false;
    // In the same session the znode is there, unless somebody has removed it meanwhile. A look costs little; that thousands of instances are
    // written anew whenever a server goes away, and read anew by everybody who watches them, would cost much.
    if (state === 'reconnected' && this.#isRegistered && this.#written === this.#data) void this.#attend();
    else if (state === 'connected' || state === 'reconnected') this.#writeAgain();
  }

  #writeAgain(): void {
    const { logger, timers } = this.#parts;
    const { service, id } = this.#instance;
    this.#write().catch((error: unknown) => {
      if (this.#left.signal.aborted) return;
      logger('warn', 'an instance could not be registered again; another try follows', {
        service,
        id,
        cause: String(error),
      });
      timers.clearTimeout(this.#retry);
      this.#retry = timers.setTimeout(() => {
        this.#writeAgain();
      }, RETRY_AFTER_REFUSAL_MS);
    });
  }

  /** Writes the instance as it is when its turn comes. */
  #write(call?: CallOptions): Promise<void> {
    const written = this.#writes.catch(() => undefined).then(() => this.#writeNow(call));
    this.#writes = written;
    return written;
  }

  async #writeNow(call?: CallOptions): Promise<void> {
    const { client } = this.#parts;
    const { signal, release } = eitherSignal(this.#left.signal, call?.signal);
    try {
      for (;;) {
        signal.throwIfAborted();
        try {
          await this.#put(signal);
          this.#isRegistered = true;
          void this.#attend();
          return;
        } catch (error) {
          // Whether it was done shows in the next round; a new session needs a new znode.
          if (!(error instanceof ConnectionLossError || error instanceof SessionExpiredError)) throw error;
          await client.connected({ signal });
        }
      }
    } finally {
      release();
    }
  }

  /** Makes sure to hear of it when somebody removes the znode, or puts another in its place: of an ephemeral's children, that is all that a watch tells. */
  async #attend(): Promise<void> {
    const { client, logger } = this.#parts;
    const { service, id } = this.#instance;
    try {
      // Without a signal, which would cost more than the reading does.
      const { stat } = await client.childrenWithWatch(this.#path, this.#onGone);
      if (this.#left.signal.aborted) {
        client.removeWatcher(this.#path, this.#onGone);
        return;
      }
      if (stat.ephemeralOwner === client.sessionId || !this.#isRegistered) return;
      this.#isRegistered = false;
      logger('warn', 'another session has registered under the id of this instance, which waits until that has gone', {
        service,
        id,
      });
    } catch (error) {
      if (this.#left.signal.aborted || error instanceof ClientClosedError) return;
      // The next session registers anyway.
      if (error instanceof SessionExpiredError) return;
      if (!(error instanceof NoNodeError)) {
        logger('warn', 'it will not be heard of when an instance is removed', { service, id, cause: String(error) });
        return;
      }
      this.#isRegistered = false;
      this.#writeAgain();
    }
  }

  /** While no server is connected it is the next connection that looks after the znode. */
  readonly #onGone = (): void => {
    if (isConnected(this.#parts.client.state)) void this.#attend();
  };

  /** One round: creates the znode, or changes it when it is there already. */
  async #put(signal: AbortSignal): Promise<void> {
    const { client, places } = this.#parts;
    const { service } = this.#instance;
    const data = this.#data;
    const path = this.#path;
    if (this.#isRegistered && (await this.#change(path, data, signal))) return;
    await unlessAborted(places.prepare(service), signal);
    for (;;) {
      try {
        await client.create(path, data, { mode: 'ephemeral', signal });
        this.#written = data;
        return;
      } catch (error) {
        if (error instanceof NoNodeError) await unlessAborted(places.prepare(service, true), signal);
        else if (!(error instanceof NodeExistsError)) throw error;
        else if (await this.#change(path, data, signal)) return;
      }
    }
  }

  /** Changes the znode in place when it is of this session, and replaces it when it is of another. @returns whether it is done */
  async #change(path: string, data: string, signal: AbortSignal): Promise<boolean> {
    const { client } = this.#parts;
    const stat = await client.exists(path, { signal });
    if (stat === undefined) return false;
    try {
      if (stat.ephemeralOwner === client.sessionId) await client.set(path, data, { signal });
      else await client.multi([ops.delete(path), ops.create(path, data, { mode: 'ephemeral' })], { signal });
      this.#written = data;
      return true;
    } catch (error) {
      // It went meanwhile, with the session that it was of.
      if (error instanceof NoNodeError || isNoNode(error)) return false;
      throw error;
    }
  }
}

function isNoNode(error: unknown): boolean {
  return error instanceof ServerError && error.cause instanceof NoNodeError;
}
