import {
  firstSessionId,
  formatSessionId,
  formatZxid,
  type Logger,
  nextSessionId,
  NO_SESSION,
  type SessionId,
} from '@corral/primitives';
import { type Change, ErrorCode, type Identity, OpCode } from '@corral/model';
import type { TransactionLog } from '@corral/zab';
import { JuteAclCodec, RecordReader, readTransaction } from '@corral/wire';
import {
  OutstandingChanges,
  PrepareContext,
  prepareCloseSession,
  prepareDeleteContainer,
  type Session,
  SessionTracker,
  Tree,
  type TreeStore,
} from '@corral/znode';
import { ClientRequests } from './client-requests.js';
import { Connection } from './connection.js';
import { HistoryGapError } from './history-gap-error.js';
import { GroupCommit, type Pending } from './group-commit.js';
import type { MemberOptions } from './options.js';
import type { ClientChannel, ClientHandler, Clock, SessionPasswords } from './ports.js';
import { Reaper } from './reaper.js';
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
  readonly #sessions: SessionTracker;
  readonly #connections = new Set<Connection>();
  readonly #bySession = new Map<SessionId, Connection>();
  readonly #statistics = new MemberStatistics();
  readonly #commit: GroupCommit;
  readonly #requests: ClientRequests;
  readonly #reaper: Reaper;
  #nextSessionId: SessionId;
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
    this.#replay();
    this.#prepare = new PrepareContext(this.#tree, this.#outstanding, options);
    this.#sessions = new SessionTracker(options.tickMs, ports.clock.monotonicMs());
    this.#recoverSessions();
    this.#nextSessionId = firstSessionId(options.serverId, ports.clock.wallClockMs());
    this.#commit = new GroupCommit(
      {
        log: ports.log,
        tree: this.#tree,
        outstanding: this.#outstanding,
        monotonicMs: () => ports.clock.monotonicMs(),
        metrics: ports.metrics,
        defer: ports.defer,
        treeIsBehind: () => ports.store.isBehind === true,
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
    this.#requests = new ClientRequests({
      options,
      ports,
      tree: this.#tree,
      prepare: this.#prepare,
      sessions: this.#sessions,
      commit: this.#commit,
      statistics: this.#statistics,
      watchEvents,
      lifecycle: this,
    });
    this.#reaper = new Reaper(options, this.#tree);
    this.status = new StatusReport({
      tree: this.#tree,
      sessions: this.#sessions,
      connections: this.#connections,
      statistics: this.#statistics,
      outstandingRequests: () => this.#commit.size,
      flushedZxid: () => ports.store.flushedZxid,
      failure: () => this.#failure,
      clock: ports.clock,
      traffic: ports.traffic,
    });
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

  /** Every session gets its whole timeout again: its client may have had nobody to talk to. */
  #recoverSessions(): void {
    const nowMs = this.#ports.clock.monotonicMs();
    for (const [id, timeoutMs] of this.#tree.sessions()) this.#sessions.add(id, timeoutMs, nowMs);
  }

  /** A client has connected. */
  open(channel: ClientChannel): ClientHandler {
    const connection = new Connection(channel, this.#ports.clock.wallClockMs());
    this.#connections.add(connection);
    return {
      onFrame: (buffer, start, end) => {
        this.#requests.take(connection, buffer, start, end);
      },
      onTurnEnd: () => {
        this.#requests.endTurn(connection);
      },
      onEnded: () => {
        connection.ended = true;
        if (connection.outstandingRequests === 0) this.closeConnection(connection);
        this.#ports.flushConnections();
      },
      onDrained: () => {
        this.#requests.drained(connection);
      },
      onClosed: () => {
        this.#release(connection);
        this.#connections.delete(connection);
      },
    };
  }

  /** Sends what is due to the connection and ends it. Its watches go at once: a client that never reads could hold on to them. */
  closeConnection(connection: Connection): void {
    this.#release(connection);
    connection.channel.close();
  }

  #release(connection: Connection): void {
    connection.closed = true;
    this.#tree.dataWatches.removeWatcher(connection);
    this.#tree.childWatches.removeWatcher(connection);
    const { session } = connection;
    if (session !== undefined && this.#bySession.get(session.id) === connection) this.#bySession.delete(session.id);
  }

  /** Opens a session for the connection; the answer leaves once it is durable. */
  createSession(connection: Connection, timeoutMs: number, pending: Pending): void {
    const id = this.#freeSessionId();
    this.#attach(connection, this.#sessions.add(id, timeoutMs, this.#ports.clock.monotonicMs()));
    this.#propose(pending, id, { type: OpCode.createSession, timeoutMs });
  }

  /** The clock may have gone back over a restart, so an id that is in use is passed over. */
  #freeSessionId(): SessionId {
    let id = this.#nextSessionId;
    while (this.#sessions.get(id) !== undefined) id = nextSessionId(id);
    this.#nextSessionId = nextSessionId(id);
    return id;
  }

  /** Takes a session up on another connection. Says whether it is still there and the password is right. */
  reattachSession(connection: Connection, id: SessionId, password: Uint8Array, timeoutMs: number): boolean {
    const session = this.#sessions.get(id);
    if (session === undefined || session.closing || !this.#ports.passwords.matches(id, password)) return false;
    this.#closeHolder(id);
    this.#sessions.touch(session, timeoutMs, this.#ports.clock.monotonicMs());
    this.#attach(connection, session);
    return true;
  }

  #attach(connection: Connection, session: Session): void {
    connection.session = session;
    this.#bySession.set(session.id, connection);
  }

  /** Ends a session, for its client (`pending`) or because it was not heard of. */
  closeSession(session: Session, pending: Pending): void {
    session.closing = true;
    this.#prepare.zxid = this.#commit.nextZxid;
    this.#propose(pending, session.id, prepareCloseSession(this.#prepare, session.id, this.#tree.owned));
  }

  /** The transaction that ended a session is applied. */
  sessionClosed(id: SessionId, spared: Connection | undefined): void {
    this.#sessions.remove(id);
    if (this.#bySession.get(id) === spared) this.#bySession.delete(id);
    else this.#closeHolder(id);
  }

  #closeHolder(id: SessionId): void {
    const holder = this.#bySession.get(id);
    if (holder !== undefined) this.closeConnection(holder);
  }

  #propose(pending: Pending, sessionId: SessionId, change: Change): void {
    this.#commit.propose(pending, sessionId, this.#ports.clock.wallClockMs(), change);
  }

  /** Lets time pass: expires sessions, removes containers and timed-out znodes, writes the tree behind the log. */
  tick(): void {
    const nowMs = this.#ports.clock.monotonicMs();
    if (this.#failure === undefined) {
      for (const session of this.#sessions.expire(nowMs)) this.#expire(session);
      this.#reap(nowMs);
    }
    if (nowMs >= this.#nextFlushAtMs) {
      this.#nextFlushAtMs = nowMs + this.#options.treeFlushIntervalMs;
      this.flushTree();
    }
    this.#commit.resume();
    this.#ports.flushConnections();
  }

  #expire(session: Session): void {
    this.#statistics.sessionsExpired += 1;
    this.#ports.logger('info', 'session expired', {
      session: formatSessionId(session.id),
      timeoutMs: session.timeoutMs,
    });
    this.closeSession(session, this.#ownRequest(OpCode.closeSession));
  }

  #reap(nowMs: number): void {
    for (const path of this.#reaper.due(nowMs, this.#ports.clock.wallClockMs())) {
      this.#prepare.zxid = this.#commit.nextZxid;
      const verdict = prepareDeleteContainer(this.#prepare, path);
      if (typeof verdict !== 'number') this.#propose(this.#ownRequest(OpCode.deleteContainer), NO_SESSION, verdict);
    }
  }

  #ownRequest(type: number): Pending {
    const receivedAtMs = this.#ports.clock.monotonicMs();
    return {
      connection: undefined,
      xid: 0,
      type,
      refusal: ErrorCode.ok,
      echo: null,
      receivedAtMs,
      transaction: undefined,
    };
  }

  /** Writes the tree to disk and lets the log forget what it no longer needs to tell. */
  flushTree(): void {
    const { store, log, metrics, clock } = this.#ports;
    const startedAtMs = clock.monotonicMs();
    try {
      store.flush();
      log.purge(store.flushedZxid);
      metrics?.treeFlushed(clock.monotonicMs() - startedAtMs, 0);
    } catch (error) {
      this.#becomeReadOnly(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The log can take nothing more. Who waits for an answer learns that it is unknown, by losing the connection. */
  #logFailed(error: Error, lost: readonly Pending[]): void {
    this.#becomeReadOnly(error);
    for (const { connection } of lost) if (connection !== undefined) this.closeConnection(connection);
  }

  /** More of the tree is on disk; whoever owns the store calls this. */
  treeFlushed(): void {
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
  }

  /** Why writes are refused; nothing while they are not. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** The identities of whoever is attached to a session; for tests and tools. */
  identitiesOf(id: SessionId): readonly Identity[] {
    return this.#bySession.get(id)?.identities ?? [];
  }

  /** Answers what is under way, then writes the tree. No connection may be opened any more. */
  async stop(): Promise<void> {
    await this.#commit.idle();
    for (const connection of [...this.#connections]) this.closeConnection(connection);
    if (this.#failure === undefined) this.flushTree();
  }
}
