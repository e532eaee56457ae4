import { formatZxid, type Logger, NO_SESSION } from '@corral/primitives';
import { OpCode } from '@corral/model';
import type { TransactionLog } from '@corral/zab';
import { JuteAclCodec, readTransaction, RecordReader } from '@corral/wire';
import {
  OutstandingChanges,
  PrepareContext,
  prepareDeleteContainer,
  SessionTracker,
  Tree,
  type TreeStore,
} from '@corral/znode';
import { ClientRequests } from './client-requests.js';
import { Clients, type ClientService } from './clients.js';
import type { Connection } from './connection.js';
import { ownRequest, type Pending } from './commit-queue.js';
import { GroupCommit } from './group-commit.js';
import { HistoryGapError } from './history-gap-error.js';
import type { MemberOptions } from './options.js';
import type { ClientChannel, ClientHandler, Clock, SessionPasswords } from './ports.js';
import { Reaper } from './reaper.js';
import { SessionKeeper } from './session-keeper.js';
import { MemberStatistics } from './statistics.js';
import { StatusReport } from './status-report.js';
import type { Metrics, StatusSource, TrafficCounters } from './status.js';
import { WatchEvents } from './watch-events.js';

/** What a member works with; all of it is handed in, so that a test or a simulator can hand in something else. */
export interface MemberPorts {
  readonly log: TransactionLog;
  readonly store: TreeStore;
  readonly clock: Clock;
  readonly passwords: SessionPasswords;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** Runs a function after all that has arrived by now is taken in: `setImmediate` in a process. */
  readonly defer: (run: () => void) => void;
  readonly traffic: TrafficCounters;
  /** Connections that the member wrote to are flushed by whoever owns them. */
  readonly flushConnections: () => void;
}

/**
 * One member of an ensemble, for now the only one: takes in requests, decides, logs, applies, answers.
 * It owns all ordering and knows ports only. Call `recover` once, then `open` for every connection, and `tick` all the time.
 */
export class Member {
  readonly #options: MemberOptions;
  readonly #ports: MemberPorts;
  readonly #tree: Tree<Connection>;
  readonly #outstanding = new OutstandingChanges();
  readonly #prepare: PrepareContext;
  readonly #sessions: SessionKeeper;
  readonly #clients: Clients;
  readonly #statistics = new MemberStatistics();
  readonly #commit: GroupCommit;
  readonly #requests: ClientRequests;
  readonly #reaper: Reaper;
  #nextFlushAtMs = 0;
  #failure: Error | undefined;

  /** For four-letter words, admin pages and metrics. */
  readonly status: StatusSource;

  /**
   * Opens the tree as the store holds it and replays what the log has beyond it.
   * @throws HistoryGapError when the log does not go on where the tree ends.
   */
  constructor(options: MemberOptions, ports: MemberPorts) {
    this.#options = options;
    this.#ports = ports;
    const watchEvents = new WatchEvents(this.#statistics, options.skipAcl);
    this.#tree = new Tree<Connection>({
      store: ports.store,
      aclCodec: new JuteAclCodec(),
      allocate: (sizeBytes) => Buffer.allocUnsafe(sizeBytes),
      deliver: watchEvents.deliver,
    });
    // One object for all connections, made once both are there.
    let serving: ClientService | undefined;
    const service = (): ClientService => (serving ??= { requests: this.#requests, sessions: this.#sessions });
    this.#clients = new Clients({
      tree: () => this.#tree,
      service,
      wallClockMs: () => ports.clock.wallClockMs(),
      flushConnections: ports.flushConnections,
    });
    this.#replay();
    this.#prepare = new PrepareContext(this.#tree, this.#outstanding, options);
    const tracker = new SessionTracker(ports.clock.monotonicMs());
    this.#commit = this.#newGroupCommit();
    this.#sessions = new SessionKeeper({
      ...ports,
      serverId: options.serverId,
      tree: this.#tree,
      prepare: this.#prepare,
      tracker,
      commit: this.#commit,
      canPropose: () => true,
      statistics: this.#statistics,
      closeConnection: (connection) => {
        this.closeConnection(connection);
      },
    });
    this.#requests = new ClientRequests({
      options,
      ports,
      tree: this.#tree,
      prepare: this.#prepare,
      sessions: this.#sessions,
      commit: this.#commit,
      forward: undefined,
      statistics: this.#statistics,
      watchEvents,
      member: this,
    });
    this.#reaper = new Reaper(options, this.#tree);
    this.status = new StatusReport({
      tree: () => this.#tree,
      sessions: () => tracker,
      mode: () => 'standalone',
      ensemble: () => undefined,
      connections: this.#clients.connections,
      statistics: this.#statistics,
      outstandingRequests: () => this.#commit.size,
      flushedZxid: () => ports.store.flushedZxid,
      failure: () => this.#failure,
      clock: ports.clock,
      traffic: ports.traffic,
    });
  }

  #newGroupCommit(): GroupCommit {
    const { clock, defer, log, metrics, store } = this.#ports;
    return new GroupCommit(
      {
        log,
        tree: this.#tree,
        outstanding: this.#outstanding,
        monotonicMs: () => clock.monotonicMs(),
        metrics,
        defer,
        // A tree that has failed catches up no more; what is in the log is safe without it.
        treeIsBehind: () => this.#failure === undefined && store.isBehind === true,
        complete: (pending, result) => {
          this.#requests.complete(pending, result);
        },
        turnEnd: () => {
          this.#requests.endBatch();
        },
        failed: (error, lost) => {
          this.#logFailed(error, lost);
        },
      },
      this.#tree.appliedZxid,
    );
  }

  #replay(): void {
    const { log, logger } = this.#ports;
    const reader = new RecordReader();
    const from = this.#tree.appliedZxid;
    let count = 0;
    for (const { zxid, bytes } of log.read(from)) {
      if (count === 0 && zxid !== from + 1) throw new HistoryGapError(from, zxid);
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      this.#tree.apply(readTransaction(reader.reset(buffer, 0, buffer.length)));
      count += 1;
    }
    if (count === 0) return;
    logger('info', 'replayed the log', {
      transactions: count,
      from: formatZxid(from),
      to: formatZxid(this.#tree.appliedZxid),
    });
  }

  /** A client has connected. */
  open(channel: ClientChannel): ClientHandler {
    return this.#clients.open(channel);
  }

  /** Sends what is due to the connection and ends it. */
  closeConnection(connection: Connection): void {
    this.#clients.close(connection);
  }

  /** Lets time pass: expires sessions, removes containers and timed-out znodes, writes the tree behind the log. */
  tick(): void {
    const nowMs = this.#ports.clock.monotonicMs();
    if (this.#failure === undefined) {
      this.#sessions.expire(nowMs);
      this.#reap(nowMs);
    }
    if (nowMs >= this.#nextFlushAtMs) {
      this.#nextFlushAtMs = nowMs + this.#options.treeFlushIntervalMs;
      this.flushTree();
    }
    this.#commit.resume();
    this.#ports.flushConnections();
  }

  #reap(nowMs: number): void {
    const wallClockMs = this.#ports.clock.wallClockMs();
    for (const path of this.#reaper.due(nowMs, wallClockMs)) {
      this.#prepare.zxid = this.#commit.nextZxid;
      const verdict = prepareDeleteContainer(this.#prepare, path);
      if (typeof verdict === 'number') continue;
      this.#commit.propose(ownRequest(OpCode.deleteContainer, nowMs), NO_SESSION, wallClockMs, verdict);
    }
  }

  /** Writes the tree to disk and lets the log forget what it no longer needs to tell. */
  flushTree(): void {
    const { store, log } = this.#ports;
    try {
      store.flush();
      log.purge(store.flushedZxid);
    } catch (error) {
      this.#becomeReadOnly(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The log can take nothing more. Who waits for an answer learns that it is unknown, by losing the connection. */
  #logFailed(error: Error, lost: readonly Pending[]): void {
    this.#becomeReadOnly(error);
    this.#sessions.revive(lost);
    for (const { connection } of lost) if (connection !== undefined) this.closeConnection(connection);
  }

  /** More of the tree is on disk; whoever owns the store calls this. */
  treeFlushed(durationMs: number, records: number): void {
    const { log, metrics, store } = this.#ports;
    metrics?.treeFlushed(durationMs, records);
    // Noted at once, so that a restart begins to read here.
    log.purge(store.flushedZxid);
    this.#commit.resume();
  }

  /** The tree cannot be written behind the log any more; whoever owns the store calls this. */
  treeFailed(error: Error): void {
    this.#becomeReadOnly(error);
  }

  #becomeReadOnly(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#ports.logger(
      'error',
      'no write can be made durable any more; reads go on, writes are refused until a restart',
      {
        cause: error.message,
      },
    );
    this.#commit.resume();
  }

  /** Why writes are refused; nothing while they are not. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Frames taken in from clients, since the start or the last reset. */
  get requestsReceived(): number {
    return this.#statistics.packetsReceived;
  }

  /** It needs no others. */
  readonly isCutOff = false;

  get connectionCount(): number {
    return this.#clients.connections.size;
  }

  /** Answers what is under way, then writes the tree. No connection may be opened any more. */
  async stop(): Promise<void> {
    await this.#commit.idle();
    this.#clients.closeAll();
    if (this.#failure === undefined) this.flushTree();
  }
}
