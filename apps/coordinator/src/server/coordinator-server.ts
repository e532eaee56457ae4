import { DEFAULT_MEMBER_OPTIONS, type MemberOptions, type StatusSource } from '@corral/member';
import { answerFourLetterWord, ClientListener, DEFAULT_CLIENT_LIMITS, type ServerFacts } from '@corral/net';
import { takeOverApacheData } from '@corral/storage';
import type { CoordinatorConfig } from '../configuration/coordinator-config.js';
import type { LineLogger } from '../logging/line-logger.js';
import { MemberMetrics } from '../metrics/member-metrics.js';
import type { Coordinator, CoordinatorPhase } from './coordinator.js';
import { openEnsembleMember } from './ensemble-parts.js';
import { IdleMemory } from './idle-memory.js';
import { openLoneMember } from './lone-member.js';
import { type PreparedDirectories, prepareDirectories } from './prepare-directories.js';
import { serverFactsOf } from './server-facts.js';
import type { ServedMember } from './served-member.js';

/** How often the member looks at the clock: half a step of the sessions' expiry, which is then late by less than a tenth of a second. */
const TURN_MS = 25;

/** What exists while the member runs. */
interface Running {
  readonly directories: PreparedDirectories;
  readonly member: ServedMember;
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
    const directories = await prepareDirectories(config, this.#lines.component('storage'));
    try {
      await this.#takeOver(directories);
      const running = await this.#openMember(directories);
      this.#running = running;
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
      tailDirectory: this.#config.ensemble === undefined ? undefined : layout.logDirectory,
      logger: this.#lines.component('storage'),
    });
  }

  async #openMember(directories: PreparedDirectories): Promise<Running> {
    const { layout } = directories;
    const storageLogger = this.#lines.component('storage');
    const memberOptions = memberOptionsOf(this.#config);
    const ports = {
      clock: { wallClockMs: Date.now, monotonicMs: () => performance.now() },
      logger: this.#lines.component('member'),
      metrics: this.metrics,
      defer: (run: () => void) => setImmediate(run),
      traffic: this.#listener.traffic,
      flushConnections: this.#listener.flush,
    };
    const { ensemble } = this.#config;
    const member =
      ensemble === undefined
        ? await openLoneMember(memberOptions, layout, ports, storageLogger)
        : await openEnsembleMember({
            config: this.#config,
            ensemble,
            memberOptions,
            layout,
            ports,
            storageLogger,
            peersLogger: this.#lines.component('peers'),
          });
    // After a stall of the process the clients' pings lie in the sockets; they are read before the clock is looked at.
    const idleMemory = new IdleMemory();
    const tick = (): void => {
      member.tick();
      idleMemory.tick(member.requestsReceived, performance.now());
    };
    const timer = setInterval(() => setImmediate(tick), TURN_MS);
    return { directories, member, timer };
  }

  async #stop(): Promise<void> {
    // A start under way ends first; whether it failed is its caller's business.
    await this.#starting?.catch(() => undefined);
    const running = this.#running;
    this.#phase = 'stopping';
    if (running !== undefined) {
      const { directories, member, timer } = running;
      this.#listener.stopAccepting();
      clearInterval(timer);
      // Connections get what is due to them before the files close.
      await member.stop();
      await this.#listener.close();
      for (const lock of directories.locks) lock.release();
    }
    this.#phase = 'stopped';
  }

  #wordContext(): Parameters<typeof answerFourLetterWord>[1] {
    const { fourLetterWords, fourLetterWordsAll } = this.#config;
    return {
      source: this.#running?.member.isServing === true ? this.source : undefined,
      facts: this.facts,
      isEnabled: (word) => fourLetterWordsAll || fourLetterWords.has(word),
      nowMs: Date.now,
    };
  }
}

function memberOptionsOf(config: CoordinatorConfig): MemberOptions {
  return {
    ...DEFAULT_MEMBER_OPTIONS,
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
