import { DEFAULT_MEMBER_OPTIONS, Member, type MemberOptions, type StatusSource } from '@corral/member';
import { answerFourLetterWord, ClientListener, DEFAULT_CLIENT_LIMITS, type ServerFacts } from '@corral/net';
import { FileTransactionLog, LmdbTreeStore, takeOverApacheData } from '@corral/storage';
import type { CoordinatorConfig } from '../configuration/coordinator-config.js';
import type { LineLogger } from '../logging/line-logger.js';
import { MemberMetrics } from '../metrics/member-metrics.js';
import type { Coordinator, CoordinatorPhase } from './coordinator.js';
import { IdleMemory } from './idle-memory.js';
import { type PreparedDirectories, prepareDirectories } from './prepare-directories.js';
import { serverFactsOf } from './server-facts.js';
import { StartFailedError } from './start-failure.js';
import { HmacSessionPasswords } from './session-passwords.js';

/** How often the member looks at the clock. Sessions expire by ticks of their own, which are longer. */
const TURN_MS = 200;

/** What exists while the member runs. */
interface Running {
  readonly directories: PreparedDirectories;
  readonly store: LmdbTreeStore;
  readonly log: FileTransactionLog;
  readonly member: Member;
  readonly timer: NodeJS.Timeout;
}

/** A member over files and sockets: builds the parts, starts them in order, stops them in the opposite one. */
export class CoordinatorServer implements Coordinator {
  readonly facts: ServerFacts;
  readonly metrics: MemberMetrics;
  readonly #config: CoordinatorConfig;
  readonly #lines: LineLogger;
  readonly #listener: ClientListener;
  #phase: CoordinatorPhase = 'starting';
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #running: Running | undefined;

  constructor(config: CoordinatorConfig, lines: LineLogger) {
    this.#config = config;
    this.#lines = lines;
    this.metrics = new MemberMetrics(lines.component('storage'), config.logSyncWarningMs);
    this.#listener = new ClientListener(listenerOptionsOf(config), lines.component('clients'));
    this.facts = serverFactsOf(config, () => this.#listener.port);
  }

  get phase(): CoordinatorPhase {
    return this.#phase;
  }

  get source(): StatusSource | undefined {
    return this.#running?.member.status;
  }

  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #start(): Promise<void> {
    const config = this.#config;
    if (config.ensemble !== undefined) {
      throw new StartFailedError('this version serves as a member that stands alone; ensembles come with the next one');
    }
    const directories = await prepareDirectories(config, this.#lines.component('storage'));
    try {
      await this.#takeOver(directories);
      const running = this.#openMember(directories);
      this.#running = running;
      // The first start leaves a whole tree on disk, for whoever looks into the directory.
      if (running.store.flushedZxid === 0) await running.store.flushAll();
      await this.#listener.listen({
        logger: this.#lines.component('clients'),
        open: (channel) => running.member.open(channel),
        answerFourLetterWord: (word) => answerFourLetterWord(word, this.#wordContext()),
      });
      this.#phase = 'serving';
    } catch (error) {
      if (this.#running === undefined) for (const lock of directories.locks) lock.release();
      throw error;
    }
  }

  /** At the first start in a directory where Apache ZooKeeper worked, its data becomes the tree. */
  async #takeOver({ layout }: PreparedDirectories): Promise<void> {
    await takeOverApacheData({
      snapshotDirectory: layout.apacheSnapshotDirectory,
      logDirectory: layout.apacheLogDirectory,
      treeFile: layout.treeFile,
      logger: this.#lines.component('storage'),
    });
  }

  #openMember(directories: PreparedDirectories): Running {
    const { layout } = directories;
    const logger = this.#lines.component('storage');
    const store = LmdbTreeStore.open({
      file: layout.treeFile,
      logger,
      // Flushes end in a later turn of the loop, when the member is there.
      onFlushed: (durationMs, records) => this.#running?.member.treeFlushed(durationMs, records),
      onFailed: (error) => this.#running?.member.treeFailed(error),
    });
    const log = FileTransactionLog.open({ directory: layout.logDirectory, appliedZxid: store.flushedZxid, logger });
    const member = new Member(memberOptionsOf(this.#config), {
      log,
      store,
      clock: { wallClockMs: Date.now, monotonicMs: () => performance.now() },
      passwords: HmacSessionPasswords.open(layout.homeDirectory),
      logger: this.#lines.component('member'),
      metrics: this.metrics,
      defer: (run) => setImmediate(run),
      traffic: this.#listener.traffic,
      flushConnections: this.#listener.flush,
    });
    // After a stall of the process the clients' pings lie in the sockets; they are read before the clock is looked at.
    const idleMemory = new IdleMemory();
    const tick = (): void => {
      member.tick();
      idleMemory.tick(member.requestsReceived, performance.now());
    };
    const timer = setInterval(() => setImmediate(tick), TURN_MS);
    return { directories, store, log, member, timer };
  }

  async #stop(): Promise<void> {
    // A start under way ends first; whether it failed is its caller's business.
    await this.#starting?.catch(() => undefined);
    const running = this.#running;
    this.#phase = 'stopping';
    if (running !== undefined) {
      const { directories, store, log, member, timer } = running;
      this.#listener.stopAccepting();
      clearInterval(timer);
      await member.stop();
      await this.#listener.close();
      log.close();
      await store.close();
      for (const lock of directories.locks) lock.release();
    }
    this.#phase = 'stopped';
  }

  #wordContext(): Parameters<typeof answerFourLetterWord>[1] {
    const { fourLetterWords, fourLetterWordsAll } = this.#config;
    return {
      source: this.source,
      facts: this.facts,
      isEnabled: (word) => fourLetterWordsAll || fourLetterWords.has(word),
      nowMs: Date.now,
    };
  }
}

function memberOptionsOf(config: CoordinatorConfig): MemberOptions {
  return {
    ...DEFAULT_MEMBER_OPTIONS,
    tickMs: config.tickMs,
    sessionTimeoutMsMin: config.sessionTimeoutMsMin,
    sessionTimeoutMsMax: config.sessionTimeoutMsMax,
    ttlEnabled: config.extendedTypesEnabled,
    enforceQuota: config.quotasEnforced,
    skipAcl: config.aclChecksSkipped,
    superDigest: config.superDigest,
    containerCheckIntervalMs: config.containerCheckIntervalMs,
    containerDeletesPerMinuteMax: config.containersDeletedPerMinuteMax,
    outstandingRequestsMax: config.outstandingRequestsMax,
  };
}

function listenerOptionsOf(config: CoordinatorConfig): ConstructorParameters<typeof ClientListener>[0] {
  return {
    host: config.clientAddress,
    port: config.clientPort,
    limits: {
      ...DEFAULT_CLIENT_LIMITS,
      connectionsPerAddressMax: config.connectionsPerAddressMax,
      connectionsMax: config.connectionsMax,
      frameSizeBytesMax: config.frameBytesMax,
    },
  };
}
