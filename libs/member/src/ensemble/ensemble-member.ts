import { formatZxid, type Zxid } from '@corral/primitives';
import { type QuorumMessage, Replica, type ReplicaState } from '@corral/zab';
import { SessionTracker, type Tree } from '@corral/znode';
import { Clients } from '../clients.js';
import type { Connection } from '../connection.js';
import type { ClientChannel, ClientHandler } from '../ports.js';
import { MemberStatistics } from '../statistics.js';
import { StatusReport } from '../status-report.js';
import type { StatusSource } from '../status.js';
import { WatchEvents } from '../watch-events.js';
import { Applier } from './applier.js';
import { EarlyDeliveries } from './early-deliveries.js';
import { ensembleStatusOf, modeOf } from './ensemble-report.js';
import { MemberHistory } from './member-history.js';
import { checkHistory, openTree } from './open-history.js';
import { type EnsembleOptions, type EnsemblePorts, NOT_STARTED } from './options.js';
import { PeerInputs } from './peer-inputs.js';
import { ReplicaDriver } from './replica-driver.js';
import type { Service } from './service.js';
import { newService, serviceKindOf } from './which-service.js';

/**
 * One member of an ensemble: a replica of the tree, which serves clients while it leads, follows or observes. It owns all ordering and
 * knows ports only. The tree holds what is committed and nothing else; the log may hold more.
 */
export class EnsembleMember {
  readonly #options: EnsembleOptions;
  readonly #ports: EnsemblePorts;
  readonly #statistics = new MemberStatistics();
  readonly #watchEvents: WatchEvents;
  readonly #clients: Clients;
  readonly #driver: ReplicaDriver;
  readonly #applier: Applier;
  readonly #noSessions: SessionTracker;
  #tree: Tree<Connection>;
  #state = NOT_STARTED;
  /** On the monotonic clock; Infinity while it takes no part. */
  #inStateSinceMs = Infinity;
  #service: Service | undefined;
  readonly #early = new EarlyDeliveries();
  #nextFlushAtMs = 0;
  #failure: Error | undefined;

  /** For four-letter words, admin pages and metrics. */
  readonly status: StatusSource;
  /** The way in for what the other members say; `libs/net` calls it. */
  readonly peers: PeerInputs;

  /** @throws HistoryGapError when the log does not go on where the tree ends. */
  constructor(options: EnsembleOptions, ports: EnsemblePorts) {
    this.#options = options;
    this.#ports = ports;
    const { clock, defer, storage } = ports;
    this.#watchEvents = new WatchEvents(this.#statistics, options.skipAcl);
    this.#noSessions = new SessionTracker(clock.monotonicMs());
    this.#tree = this.#openTree();
    checkHistory(this.#tree.appliedZxid, storage.log);
    this.#clients = new Clients({
      tree: () => this.#tree,
      service: () => this.#clientService(),
      wallClockMs: () => clock.wallClockMs(),
      flushConnections: ports.flushConnections,
    });
    this.#applier = new Applier({
      appliedZxid: () => this.#tree.appliedZxid,
      apply: (transaction) => this.#tree.apply(transaction),
      readLog: (after) => storage.log.read(after),
      treeIsBehind: () => this.#failure === undefined && storage.store.isBehind === true,
      monotonicMs: () => clock.monotonicMs(),
      defer,
      applied: (transaction, result, pending) => {
        this.#service?.applied(transaction, result, pending);
      },
      answer: (pending) => {
        this.#service?.requests.complete(pending, undefined);
      },
      turnEnd: () => {
        this.#service?.requests.endBatch();
        this.#serveIfReady();
      },
    });
    this.#driver = this.#newDriver();
    this.peers = new PeerInputs(this.#driver);
    this.status = this.#newStatus();
  }

  #openTree(): Tree<Connection> {
    return openTree(this.#ports.storage.store, this.#options.configText, this.#watchEvents);
  }

  #newDriver(): ReplicaDriver {
    const { clock, defer, logger, metrics, network, storage } = this.#ports;
    const history = new MemberHistory(
      () => storage.log,
      () => this.#tree.appliedZxid,
    );
    const { acceptedEpoch, currentEpoch } = storage;
    return new ReplicaDriver({
      replica: new Replica(this.#options.replica, history, { acceptedEpoch, currentEpoch }),
      storage,
      network,
      logger,
      monotonicMs: () => clock.monotonicMs(),
      defer,
      metrics,
      logged: (zxid, bytes) => {
        if (this.#state.phase === 'broadcast') this.#applier.logged(zxid, bytes);
      },
      commit: (through) => {
        this.#applier.commit(through);
      },
      truncated: () => {
        this.#applier.forget();
      },
      installed: () => {
        this.#tree = this.#openTree();
        this.#applier.reset();
      },
      deliver: (effect) => {
        if (this.#service === undefined) this.#early.keep(effect);
        else this.#service.deliver(effect);
      },
      stateChanged: (state) => {
        this.#changeState(state);
      },
      linkClosed: (link) => {
        this.#service?.linkClosed(link);
      },
      completePing: (message) => this.#completePing(message),
      failed: (error) => {
        this.fail(error);
      },
    });
  }

  #completePing(message: QuorumMessage): QuorumMessage {
    if (message.kind !== 'ping' || message.touches === null) return message;
    return { ...message, touches: this.#service?.takeTouches() ?? [] };
  }

  #newStatus(): StatusReport {
    const { clock, storage, traffic } = this.#ports;
    return new StatusReport({
      tree: () => this.#tree,
      sessions: () => this.#service?.tracker ?? this.#noSessions,
      connections: this.#clients.connections,
      statistics: this.#statistics,
      outstandingRequests: () => this.#service?.commit.size ?? 0,
      flushedZxid: () => storage.store.flushedZxid,
      failure: () => this.#failure,
      mode: () => modeOf(this.#state, this.#service !== undefined),
      ensemble: () =>
        ensembleStatusOf({
          options: this.#options,
          storage,
          state: this.#state,
          committedZxid: this.#applier.committedZxid,
          pendingSyncs: this.#service?.pendingSyncs ?? 0,
          learners: this.#driver.links.learners(),
        }),
      clock,
      traffic,
    });
  }

  /** Begins to look for a leader. */
  start(): void {
    this.#driver.input((replica) => {
      replica.start();
    });
  }

  #changeState(state: ReplicaState): void {
    this.#state = state;
    this.#ports.logger('info', `${state.doing}, ${state.phase}`, {
      leader: state.leader ?? undefined,
      epoch: state.epoch ?? undefined,
      reason: state.reason,
    });
    this.#endService();
    this.#inStateSinceMs = this.#ports.clock.monotonicMs();
    this.#serveIfReady();
  }

  /** Clients are served once all that is committed is in the tree. Asked at every tick, for those who become read-only as time goes by. */
  #serveIfReady(): void {
    if (this.#service !== undefined || !this.#applier.isCaughtUp) return;
    const inStateForMs = this.#ports.clock.monotonicMs() - this.#inStateSinceMs;
    const kind = serviceKindOf(this.#state, inStateForMs, this.#options.readOnlyGraceMs);
    if (kind === undefined) return;
    const { clock, flushConnections, logger, metrics, passwords } = this.#ports;
    this.#service = newService(kind, {
      options: this.#options,
      ports: { clock, flushConnections, logger, passwords, ...(metrics === undefined ? {} : { metrics }) },
      tree: this.#tree,
      statistics: this.#statistics,
      watchEvents: this.#watchEvents,
      driver: this.#driver,
      applier: this.#applier,
      closeConnection: (connection: Connection) => {
        this.#clients.close(connection);
      },
    });
    this.#early.handOver(this.#service);
    logger('info', 'serving clients', { as: kind, zxid: formatZxid(this.#tree.appliedZxid) });
  }

  #clientService(): Service | undefined {
    return this.#state.doing === 'leading' && !this.#options.leaderServes ? undefined : this.#service;
  }

  /** Who waits for an answer must not get it from somebody who cannot know; all clients go to whoever serves. */
  #endService(): void {
    this.#applier.forget();
    this.#early.clear();
    this.#clients.closeAll();
    this.#service = undefined;
    this.#inStateSinceMs = Infinity;
  }

  /** A client has connected. */
  open(channel: ClientChannel): ClientHandler {
    return this.#clients.open(channel);
  }

  /** One tick of the replica's timer. */
  tick(): void {
    if (this.#failure !== undefined) return;
    this.#driver.tick();
  }

  /** Lets time pass for clients and the tree; every fifth of a second or so. */
  slowTick(): void {
    const nowMs = this.#ports.clock.monotonicMs();
    // After a stall what the learners have heard of their clients comes first: nobody's session ends because this member stood still.
    this.#driver.settle();
    if (this.#failure === undefined) this.#service?.tick(nowMs);
    if (nowMs >= this.#nextFlushAtMs && this.#failure === undefined) {
      this.#nextFlushAtMs = nowMs + this.#options.treeFlushIntervalMs;
      this.flushTree();
    }
    this.#applier.resume();
    this.#ports.flushConnections();
  }

  /** Writes the tree to disk and lets the log forget what it no longer needs to tell. */
  flushTree(): void {
    const { storage } = this.#ports;
    try {
      storage.store.flush();
      storage.log.purge(Math.min(storage.store.flushedZxid, this.#driver.links.sentThrough) as Zxid);
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** More of the tree is on disk; whoever owns the store calls this. */
  treeFlushed(durationMs: number, records: number): void {
    this.#ports.metrics?.treeFlushed(durationMs, records);
    this.#applier.resume();
  }

  /** A disk does not do what it should: the others go on without this member, and a person has to look. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    const told = 'this member takes no part in the ensemble any more, until it is mended and restarted';
    this.#ports.logger('error', told, { cause: error.message });
    this.#driver.close();
    this.#endService();
    this.#state = { ...NOT_STARTED, reason: error.message };
  }

  /** Why the member takes no part; nothing while it does. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Whether clients are served. */
  get isServing(): boolean {
    return this.#clientService() !== undefined;
  }

  /** Frames taken in from clients, since the start or the last reset. */
  get requestsReceived(): number {
    return this.#statistics.packetsReceived;
  }

  /** Leaves the ensemble and writes the tree. */
  async stop(): Promise<void> {
    this.#endService();
    this.#state = { ...NOT_STARTED, reason: 'stopping' };
    this.#driver.close();
    await this.#driver.idle();
    if (this.#failure === undefined) this.flushTree();
  }
}
