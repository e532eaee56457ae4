import { OpCode, type Change } from '@corral/model';
import type { Logger, ServerId, SessionId, Zxid } from '@corral/primitives';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import { RecordWriter, writeTransaction } from '@corral/wire';
import { majorityQuorums, type QuorumMessage, timingOf, type Vote } from '@corral/zab';
import { FakeClient, type Greeting } from '../client.fake.js';
import { GuessablePasswords, ManualClock } from '../member-stage.fake.js';
import { DEFAULT_MEMBER_OPTIONS } from '../options.js';
import { EnsembleMember } from './ensemble-member.js';
import type { EnsembleOptions } from './options.js';
import type { PeerLink, PeerLinkHandler, ReplicaStorage } from './ports.js';

const TICK_MS = 10;
const SLOW_TICK_MS = 50;

/** The number of a member. */
export const id = (value: number): ServerId => value as ServerId;

/** A tree that cannot be written as fast as the log grows, when a test says so. */
export class SlowTreeStore extends MemoryTreeStore {
  isBehind = false;
}

/** A log as an earlier life of the member has left it: what `changes` say, one after the other in epoch 1. */
export function logOf(
  ...changes: readonly { readonly sessionId: bigint; readonly change: Change }[]
): MemoryTransactionLog {
  const log = new MemoryTransactionLog({ syncsAtOnce: true });
  for (const [at, { change, sessionId }] of changes.entries()) {
    const zxid = (2 ** 32 + at + 1) as Zxid;
    const writer = new RecordWriter();
    writeTransaction(writer, { sessionId: sessionId as SessionId, cxid: at, zxid, timeMs: 0 }, change);
    log.append(zxid, writer.buffer.subarray(0, writer.length));
  }
  log.sync(() => undefined);
  return log;
}

/** The opening of a session, for `logOf`. */
export const sessionOpened = (sessionId: bigint, timeoutMs = 10_000): { sessionId: bigint; change: Change } => ({
  sessionId,
  change: { type: OpCode.createSession, timeoutMs },
});

/** A link to another member, whose part the test plays: what the member says is kept, what `hears` gets the member takes in. */
export class FakePeerLink implements PeerLink {
  readonly remote = 'a test';
  readonly isFull = false;
  readonly unsentBytes = 0;
  isClosed = false;
  readonly #handler: PeerLinkHandler;
  readonly #writer = new RecordWriter();
  #said: QuorumMessage[] = [];

  constructor(handler: PeerLinkHandler) {
    this.#handler = handler;
  }

  append(message: QuorumMessage): void {
    this.#said.push(message);
  }

  outgoing(): RecordWriter {
    return this.#writer;
  }

  /** What the member has said since the last time. */
  said(): QuorumMessage[] {
    return this.#said.splice(0);
  }

  hears(...messages: QuorumMessage[]): void {
    for (const message of messages) this.#handler.onMessage(message);
    this.#handler.onTurnEnd();
  }

  close(): void {
    this.isClosed = true;
  }

  /** The other member is gone. */
  hangUp(): void {
    this.#handler.onClosed(undefined);
  }

  flush(): void {}
  takeBytes(_take: (chunk: Buffer) => void): void {}
  resumeMessages(): void {}
  pauseReading(): void {}
  resumeReading(): void {}
}

/** A member of an ensemble with fakes all around it: time and the end of a turn move by hand, disks at once, and the test plays the others. */
export class EnsembleStage {
  readonly clock = new ManualClock();
  readonly log: MemoryTransactionLog;
  readonly store = new SlowTreeStore();
  readonly member: EnsembleMember;
  readonly logLines: string[] = [];
  /** The link to the leader, once the member has called it. */
  leader: FakePeerLink | undefined;
  readonly #clients: FakeClient[] = [];
  #deferred: (() => void)[] = [];
  #nextPort = 40_001;

  /** Member 1 of `participants`, with what it has logged. */
  constructor(participants: readonly number[], log = logOf(), options: Partial<EnsembleOptions> = {}) {
    this.log = log;
    const voters = participants.map(id);
    const logger: Logger = (level, message) => this.logLines.push(`${level}: ${message}`);
    this.member = new EnsembleMember(
      {
        ...DEFAULT_MEMBER_OPTIONS,
        serverId: id(1),
        configText: '',
        leaderServes: true,
        readOnlyGraceMs: undefined,
        participants: voters,
        replica: {
          serverId: id(1),
          role: 'participant',
          quorums: majorityQuorums(voters),
          observers: [id(9)],
          timing: timingOf({ tickMs: TICK_MS, tickTimeMs: 2000, initLimit: 10, syncLimit: 5 }),
          config: null,
        },
        ...options,
      },
      {
        clock: this.clock,
        passwords: new GuessablePasswords(),
        logger,
        defer: (run) => this.#deferred.push(run),
        traffic: { bytesReceived: 0, bytesSent: 0, connectionsRejected: 0, connectionsDropped: 0 },
        flushConnections: () => {
          for (const client of this.#clients) client.flush();
        },
        storage: this.#storage(),
        network: {
          notify: () => undefined,
          connect: (_leader, handler, done) => {
            this.leader = new FakePeerLink(handler);
            done(this.leader);
          },
        },
      },
    );
  }

  start(): this {
    this.member.start();
    this.pass(1000);
    return this;
  }

  #storage(): ReplicaStorage {
    const noTrees = (): never => {
      throw new Error('no tree is sent or taken here');
    };
    const epochs = { acceptedEpoch: this.log.lastZxid > 0 ? 1 : 0, currentEpoch: this.log.lastZxid > 0 ? 1 : 0 };
    return {
      log: this.log,
      store: this.store,
      get acceptedEpoch() {
        return epochs.acceptedEpoch;
      },
      get currentEpoch() {
        return epochs.currentEpoch;
      },
      storeEpochs: (acceptedEpoch, currentEpoch) => {
        Object.assign(epochs, { acceptedEpoch, currentEpoch });
      },
      openSnapshot: noTrees,
      receiveSnapshot: noTrees,
      install: noTrees,
    };
  }

  /** Runs what was deferred, and what that defers. */
  settle(): void {
    while (this.#deferred.length > 0) for (const run of this.#deferred.splice(0)) run();
  }

  /** Lets time pass, with all ticks of both timers. */
  pass(durationMs: number): void {
    const endMs = this.clock.nowMs + durationMs;
    while (this.clock.nowMs < endMs) {
      this.clock.nowMs += TICK_MS;
      this.member.tick();
      if (this.clock.nowMs % SLOW_TICK_MS === 0) this.member.slowTick();
      this.settle();
    }
  }

  /** Member 3 and this one vote for member 3, which this one then calls. */
  elects3(): FakePeerLink {
    const vote: Vote = { leader: id(3), zxid: (2 ** 33) as Zxid, peerEpoch: 1 };
    this.member.peers.connected(id(3));
    this.member.peers.notification(id(3), { state: 'looking', electionEpoch: 1, vote, config: null });
    this.pass(1000);
    if (this.leader === undefined) throw new Error('member 3 was not elected');
    return this.leader;
  }

  /** A connection to the quorum port, of a learner whose part the test plays. */
  learner(): FakePeerLink {
    let link: FakePeerLink | undefined = undefined as FakePeerLink | undefined;
    this.member.peers.accept((handler) => (link = new FakePeerLink(handler)));
    this.settle();
    return link!;
  }

  /** A connection that has said nothing yet. */
  connect(): FakeClient {
    const client = new FakeClient((channel) => this.member.open(channel), this.#nextPort++);
    this.#clients.push(client);
    return client;
  }

  /** A client that has been answered, or not. */
  greeted(greeting: Greeting = {}): FakeClient {
    const client = this.connect();
    client.greet(greeting);
    this.settle();
    return client;
  }
}
