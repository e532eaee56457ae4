import {
  BadVersionError,
  type Client,
  MultiError,
  type MultiOperation,
  NodeExistsError,
  NoNodeError,
  ops,
} from '@corral/client';
import { InstanceExistsError } from '../errors.js';
import { encodeInstance, type PayloadStyle } from '../instance/curator-json.js';
import type { Layout } from '../layout.js';
import { encodeLeaseRecord, type LeaseRecord } from './lease-record.js';

/** How a write ended: `done`; `changed`: somebody else was faster, so look again; `gone`: there is no such lease any more. */
export type WriteOutcome = 'done' | 'changed' | 'gone';

/** So often a container may vanish in between before something else must be wrong. */
const TRIES_MAX = 4;

/**
 * The writes of leases. Each changes the record and the instance in one multi that expects a version of the record: of two platforms
 * that want different things, one is told that it came too late, and nothing of what it wanted was done.
 */
export class LeaseWrites {
  readonly #client: Client;
  readonly #layout: Layout;
  readonly #payload: PayloadStyle;

  constructor(client: Client, layout: Layout, payload: PayloadStyle) {
    this.#client = client;
    this.#layout = layout;
    this.#payload = payload;
  }

  recordPath(leaseId: string): string {
    return `${this.#layout.leases}/${leaseId}`;
  }

  /** Where the lease's instance stands. */
  instancePath({ instance }: LeaseRecord): string {
    return this.#layout.instance(instance.service, instance.id);
  }

  /** A new lease with its instance. @throws InstanceExistsError */
  async grant(leaseId: string, record: LeaseRecord): Promise<void> {
    const { service, id } = record.instance;
    const changes = [ops.create(this.recordPath(leaseId), encodeLeaseRecord(record)), this.#create(record)];
    const error = await this.#multi(changes, record);
    if (error === undefined) return;
    if (error.cause instanceof NodeExistsError) throw new InstanceExistsError(service, id);
    throw error;
  }

  /** This session holds the instance from now on, and the record says so: after a take-over, or with the same keeper in a new session. */
  async hold(leaseId: string, record: LeaseRecord, version: number): Promise<WriteOutcome> {
    const said = ops.set(this.recordPath(leaseId), encodeLeaseRecord(record), version);
    const error = await this.#multi([said, this.#create(record)], record);
    if (error?.index !== 1 || !(error.cause instanceof NodeExistsError)) return outcomeOf(error);
    // A platform that stopped keeps its session for a while.
    const removed = ops.delete(this.instancePath(record));
    return outcomeOf(await this.#multi([said, removed, this.#create(record)], record));
  }

  /** Changes what the instance is. */
  async change(leaseId: string, record: LeaseRecord, version: number): Promise<WriteOutcome> {
    const said = ops.set(this.recordPath(leaseId), encodeLeaseRecord(record), version);
    const error = await this.#multi([said, ops.set(this.instancePath(record), this.#json(record))], record);
    // Nobody holds the instance at the moment; whoever will finds the record changed.
    if (error?.index === 1) return outcomeOf(await this.#multi([said], record));
    return outcomeOf(error);
  }

  /** Tells the keeper that the lease was renewed: any write of the record does. */
  async touch(leaseId: string, record: LeaseRecord, version: number): Promise<WriteOutcome> {
    return outcomeOf(
      await this.#multi([ops.set(this.recordPath(leaseId), encodeLeaseRecord(record), version)], record),
    );
  }

  /** Ends the lease and its instance. `isWanted`: its holder says so, so that consumers' guards do not miss the instance. */
  async end(leaseId: string, record: LeaseRecord, version: number, isWanted: boolean): Promise<WriteOutcome> {
    const { service, id } = record.instance;
    const ended = ops.delete(this.recordPath(leaseId), version);
    const departure = this.#layout.departure(service, id);
    if (isWanted) await this.#client.ensurePath(departure).catch(() => undefined);
    const error = await this.#multi([ended, ops.delete(this.instancePath(record))], record);
    if (isWanted) await this.#client.delete(departure).catch(() => undefined);
    if (error?.index === 1) return outcomeOf(await this.#multi([ended], record));
    return outcomeOf(error);
  }

  #create(record: LeaseRecord): MultiOperation {
    return ops.create(this.instancePath(record), this.#json(record), { mode: 'ephemeral' });
  }

  #json({ instance }: LeaseRecord): string {
    return encodeInstance(instance, this.#payload);
  }

  /** Does the changes; creates the parents that are missing. @returns the error that says which change cannot be */
  async #multi(changes: readonly MultiOperation[], { instance }: LeaseRecord): Promise<MultiError | undefined> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#client.multi(changes);
        return undefined;
      } catch (error) {
        if (!(error instanceof MultiError)) throw error;
        const isParentMissing = error.cause instanceof NoNodeError && changes[error.index]?.type === 'create';
        if (!isParentMissing || tries === TRIES_MAX) return error;
        await this.#client.ensurePath(this.#layout.leases, { mode: 'persistent', parents: 'persistent' });
        await this.#client.ensurePath(this.#layout.service(instance.service));
      }
    }
  }
}

function outcomeOf(error: MultiError | undefined): WriteOutcome {
  if (error === undefined) return 'done';
  if (error.index === 0 && error.cause instanceof BadVersionError) return 'changed';
  if (error.index === 0 && error.cause instanceof NoNodeError) return 'gone';
  if (error.cause instanceof NodeExistsError || error.cause instanceof NoNodeError) return 'changed';
  throw error;
}
