import { randomUUID } from 'node:crypto';
import { type Client, type ConnectionState, isConnected, systemTimers, type Timers, type Znode } from '@corral/client';
import { nodeName } from '@corral/model';
import type { Logger } from '@corral/primitives';
import { TreeCache, type TreeChange } from '@corral/recipes';
import { LeaseNotFoundError } from '../errors.js';
import { checkGrace } from '../instance/check-instance.js';
import type { InstancePatch, InstanceSpec } from '../instance/instance.js';
import type { PlatformMembership } from '../platform/membership.js';
import { newInstance } from '../registration/new-instance.js';
import type { Registry } from '../registry.js';
import type { Lease } from '../types.js';
import { endOf, found, type KnownLease, newLease, recordIs } from './known-lease.js';
import { hearOfRemoval } from './hear-of-removal.js';
import { changedRecord, checkTtl, decodeLeaseRecord, leaseOf, type LeaseRecord } from './lease-record.js';
import type { LeaseKeeperOptions } from './lease-keeper-options.js';
import { LeaseWrites, type WriteOutcome } from './lease-writes.js';

/** How often leases are looked over for those that ran out; so much later than its time a lease may end. */
const SWEEP_MS = 250;
/** A renewal at a platform that is not the keeper is written down at most so often in the lease's time. */
const WRITES_PER_TTL = 3;
/** So often a write may come second to somebody else's before that is taken for a fault. */
const TRIES_MAX = 8;

/**
 * Keeps instances of services that have no session: such a service renews its lease at any platform. The platform that granted the lease is
 * its keeper and holds the instance as an ephemeral of its own session; the record of the lease is in the ensemble. When the keeper dies,
 * the platform that the lease falls to takes it over at once, with its full time. A renewal at the keeper costs no write, one at another
 * platform at most three in the lease's time.
 */
export class LeaseKeeper {
  readonly #client: Client;
  readonly #membership: PlatformMembership;
  readonly #leasesPath: string;
  readonly #writes: LeaseWrites;
  readonly #logger: Logger;
  readonly #timers: Timers;
  readonly #wallClockMs: () => number;
  readonly #leases = new Map<string, KnownLease>();
  readonly #stops: (() => void)[] = [];
  #started: Promise<void> | undefined;
  #sweepTimer: unknown;

  constructor(client: Client, registry: Registry, options: LeaseKeeperOptions = {}) {
    this.#client = client;
    this.#membership = registry.membership;
    this.#leasesPath = registry.layout.leases;
    this.#writes = new LeaseWrites(client, registry.layout, registry.payload);
    this.#logger = options.logger ?? (() => undefined);
    this.#timers = options.timers ?? systemTimers;
    this.#wallClockMs = options.wallClockMs ?? Date.now;
  }

  /** Begins to keep leases; those of platforms that have died, too. Starting again is no error. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  async #start(): Promise<void> {
    const cache = new TreeCache(this.#client, this.#leasesPath, { maxDepth: 1, logger: this.#logger });
    this.#stops.push(
      cache.onChange((change) => {
        this.#recordChanged(change);
      }),
      this.#membership.onChange(() => {
        this.#reviewAll();
      }),
      this.#client.onState((state) => {
        this.#stateChanged(state);
      }),
      () => {
        cache.close();
      },
    );
    await Promise.all([this.#membership.start(), cache.ready()]);
    this.#sweepLater();
    this.#reviewAll();
  }

  /** Stops keeping leases: other platforms take them over. */
  async stop(): Promise<void> {
    if (this.#started === undefined) return;
    await this.#started;
    this.#started = undefined;
    this.#timers.clearTimeout(this.#sweepTimer);
    for (const stop of this.#stops.splice(0)) stop();
    this.#leases.clear();
    await this.#membership.stop();
  }

  /** A new lease, and its instance. @throws InvalidInstanceError, InstanceExistsError */
  async grant(spec: InstanceSpec, ttlMs: number): Promise<Lease> {
    await this.start();
    checkTtl(ttlMs);
    const leaseId = randomUUID();
    const instance = { ...newInstance(spec, randomUUID, this.#wallClockMs()), lease: { leaseId, ttlMs } };
    const record: LeaseRecord = { instance, ttlMs, keeper: this.#membership.id };
    // The record may be seen before the answer to the write is: then it must not pass for one whose instance nobody holds.
    const lease = newLease(record, -1, this.#timers.nowMs());
    lease.isBusy = true;
    this.#leases.set(leaseId, lease);
    try {
      await this.#writes.grant(leaseId, record);
      lease.version = Math.max(lease.version, 0);
      this.#holds(leaseId, lease);
    } catch (error) {
      this.#leases.delete(leaseId);
      throw error;
    } finally {
      lease.isBusy = false;
    }
    return leaseOf(leaseId, record);
  }

  /** The lease has its full time again, and is answered as it is. Waits while this platform has no session. @throws LeaseNotFoundError */
  async renew(leaseId: string): Promise<Lease> {
    let lease = await this.#find(leaseId);
    const { id } = this.#membership;
    // After a lost session others may have taken the lease over, or ended it: only the ensemble knows.
    if (lease.record.keeper === id && !lease.isHeld) lease = found(leaseId, await this.#read(leaseId));
    const nowMs = this.#timers.nowMs();
    lease.renewedAtMs = nowMs;
    if (lease.record.keeper === id) return leaseOf(leaseId, lease.record);
    if (nowMs - lease.writtenAtMs < lease.record.ttlMs / WRITES_PER_TTL) return leaseOf(leaseId, lease.record);
    lease.writtenAtMs = nowMs;
    return this.#write(leaseId, (known) => this.#writes.touch(leaseId, known.record, known.version));
  }

  /** Changes the instance; that renews the lease. Another status ends a drain. @throws LeaseNotFoundError, InvalidInstanceError */
  update(leaseId: string, patch: InstancePatch): Promise<Lease> {
    return this.#change(leaseId, patch);
  }

  /**
   * Shows the instance as `DRAINING`, and ends the lease after the grace, whichever platform keeps it by then; the holder goes on renewing
   * it meanwhile. The same again changes nothing. @throws LeaseNotFoundError
   */
  async drain(leaseId: string, graceMs: number): Promise<Lease> {
    checkGrace(graceMs);
    return this.#change(leaseId, { status: 'DRAINING' }, graceMs);
  }

  #change(leaseId: string, patch: InstancePatch, graceMs?: number): Promise<Lease> {
    return this.#write(leaseId, async (known) => {
      const record = changedRecord(known.record, patch, graceMs);
      const outcome = await this.#writes.change(leaseId, record, known.version);
      if (outcome === 'done') recordIs(known, record, this.#timers.nowMs());
      return outcome;
    });
  }

  /** Ends the lease, and its instance, at once. Ending it again is no error. */
  async revoke(leaseId: string): Promise<void> {
    try {
      await this.#write(leaseId, ({ record, version }) => this.#writes.end(leaseId, record, version, true));
    } catch (error) {
      if (!(error instanceof LeaseNotFoundError)) throw error;
    }
    this.#leases.delete(leaseId);
  }

  /** Writes with the newest version, again and again, until nobody was faster. */
  async #write(leaseId: string, write: (known: KnownLease) => Promise<WriteOutcome>): Promise<Lease> {
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      const known = await this.#find(leaseId);
      const { version } = known;
      const outcome = await write(known);
      if (outcome === 'gone') break;
      if (outcome === 'done') {
        // What the cache tells meanwhile may be newer.
        known.version = Math.max(known.version, version + 1);
        known.renewedAtMs = this.#timers.nowMs();
        return leaseOf(leaseId, known.record);
      }
      await this.#read(leaseId);
    }
    this.#leases.delete(leaseId);
    throw new LeaseNotFoundError(leaseId);
  }

  async #find(leaseId: string): Promise<KnownLease> {
    await this.start();
    return this.#leases.get(leaseId) ?? found(leaseId, await this.#read(leaseId));
  }

  /** Asks the ensemble, when what is known is too old or nothing. An id that cannot be a path is no lease. */
  async #read(leaseId: string): Promise<KnownLease | undefined> {
    if (!/^[\w-]{1,64}$/u.test(leaseId)) return undefined;
    await this.#client.sync(this.#leasesPath);
    const znode = await this.#client.getOrUndefined(this.#writes.recordPath(leaseId));
    if (znode === undefined) this.#leases.delete(leaseId);
    return znode === undefined ? undefined : this.#take(leaseId, znode);
  }

  #recordChanged(change: TreeChange): void {
    if (change.path === this.#leasesPath) return;
    const leaseId = nodeName(change.path);
    if (change.type === 'removed') this.#leases.delete(leaseId);
    else if (this.#take(leaseId, change.node) !== undefined) this.#review(leaseId);
  }

  #take(leaseId: string, { data, stat }: Znode): KnownLease | undefined {
    const record = decodeLeaseRecord(data);
    if (record === undefined) {
      this.#logger('warn', 'the record of a lease cannot be read, and is left alone', { leaseId });
      return undefined;
    }
    const known = this.#leases.get(leaseId);
    return known !== undefined && known.version >= stat.version ? known : this.#learn(leaseId, record, stat.version);
  }

  #learn(leaseId: string, record: LeaseRecord, version: number): KnownLease {
    const nowMs = this.#timers.nowMs();
    const lease = this.#leases.get(leaseId) ?? newLease(record, version, nowMs);
    recordIs(lease, record, nowMs);
    const isHeld = lease.isHeld && record.keeper === this.#membership.id;
    Object.assign(lease, { version, renewedAtMs: nowMs, writtenAtMs: nowMs, isHeld });
    this.#leases.set(leaseId, lease);
    return lease;
  }

  #stateChanged(state: ConnectionState): void {
    if (state === 'lost') for (const lease of this.#leases.values()) lease.isHeld = false;
    if (state !== 'connected' && state !== 'reconnected') return;
    // Renewals at other platforms may have gone unseen: nobody loses a lease because this one was away.
    const nowMs = this.#timers.nowMs();
    for (const lease of this.#leases.values()) lease.renewedAtMs = nowMs;
    this.#reviewAll();
  }

  #reviewAll(): void {
    for (const leaseId of this.#leases.keys()) this.#review(leaseId);
  }

  /** Holds what is this platform's to hold: its own leases, and those of the dead that fall to it. */
  #review(leaseId: string): void {
    const lease = this.#leases.get(leaseId);
    if (lease === undefined || lease.isBusy || lease.isHeld || !this.#membership.isCurrent) return;
    const { id, living } = this.#membership;
    const { keeper } = lease.record;
    const isOwn = keeper === id;
    if (!isOwn && (living.includes(keeper) || this.#membership.ownerOf(leaseId) !== id)) return;
    const record = { ...lease.record, keeper: id };
    void this.#act(leaseId, lease, async () => {
      const { version } = lease;
      const outcome = await this.#writes.hold(leaseId, record, version);
      if (outcome !== 'done') return;
      this.#holds(leaseId, this.#learn(leaseId, record, Math.max(lease.version, version + 1)));
    });
  }

  /** An ephemeral of this session stands for the lease, and is put there again when somebody removes it. */
  #holds(leaseId: string, lease: KnownLease): void {
    lease.isHeld = true;
    hearOfRemoval(this.#client, this.#writes.instancePath(lease.record), this.#logger, () => {
      lease.isHeld = false;
      this.#review(leaseId);
    });
  }

  #sweepLater(): void {
    this.#sweepTimer = this.#timers.setTimeout(() => {
      this.#sweep();
      this.#sweepLater();
    }, SWEEP_MS);
  }

  /** Ends leases of this platform that have drained or ran out, unless the record shows that they were renewed elsewhere; sees to what was not done. */
  #sweep(): void {
    if (!isConnected(this.#client.state)) return;
    const nowMs = this.#timers.nowMs();
    for (const [leaseId, lease] of this.#leases) {
      const end = lease.record.keeper === this.#membership.id ? endOf(lease, nowMs) : undefined;
      if (end === undefined) {
        this.#review(leaseId);
        continue;
      }
      void this.#act(leaseId, lease, async () => {
        const outcome = await this.#writes.end(leaseId, lease.record, lease.version, end === 'drained');
        if (outcome === 'done') this.#leases.delete(leaseId);
        else await this.#read(leaseId);
      });
    }
  }

  /** One thing at a time for each lease. Trouble is told, and the next review or sweep tries again. */
  async #act(leaseId: string, lease: KnownLease, action: () => Promise<void>): Promise<void> {
    if (lease.isBusy) return;
    lease.isBusy = true;
    try {
      await action();
    } catch (error) {
      this.#logger('warn', 'a lease could not be kept; another try follows', { leaseId, cause: String(error) });
    } finally {
      lease.isBusy = false;
    }
  }
}
