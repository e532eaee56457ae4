import type { Logger } from '@corral/primitives';
import type { TransactionLog } from '@corral/zab';
import type { TreeStore } from '@corral/znode';
import { FakeClient, type Greeting } from './client.fake.js';
import { Member } from './member.js';
import { DEFAULT_MEMBER_OPTIONS, type MemberOptions } from './options.js';
import type { Clock, SessionPasswords } from './ports.js';

/** Time that passes when a test says so. */
export class ManualClock implements Clock {
  nowMs = 1_000_000;

  wallClockMs(): number {
    return 1_600_000_000_000 + this.nowMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }
}

/** Sixteen bytes that anybody could guess. */
export class GuessablePasswords implements SessionPasswords {
  issue(id: bigint): Buffer {
    const password = Buffer.alloc(16, 7);
    password.writeBigInt64BE(id);
    return password;
  }

  matches(id: bigint, password: Uint8Array): boolean {
    return this.issue(id).equals(password);
  }
}

/** A log whose syncs end when a test says so. */
export interface ManualLog extends TransactionLog {
  readonly isSyncing: boolean;
  completeSync(): void;
}

/** A member with fakes all around it: time, the end of a turn, and the disk move by hand only. */
export class MemberStage {
  readonly clock = new ManualClock();
  readonly log: ManualLog;
  readonly member: Member;
  readonly logLines: string[] = [];
  readonly #clients: FakeClient[] = [];
  #deferred: (() => void)[] = [];
  #nextPort = 40_001;

  constructor(log: ManualLog, store: TreeStore, options: Partial<MemberOptions> = {}) {
    this.log = log;
    const logger: Logger = (level, message) => this.logLines.push(`${level}: ${message}`);
    this.member = new Member(
      { ...DEFAULT_MEMBER_OPTIONS, ...options },
      {
        log,
        store,
        clock: this.clock,
        passwords: new GuessablePasswords(),
        logger,
        defer: (run) => this.#deferred.push(run),
        traffic: { bytesReceived: 0, bytesSent: 0, connectionsRejected: 0, connectionsDropped: 0 },
        flushConnections: () => {
          for (const client of this.#clients) client.flush();
        },
      },
    );
  }

  /** A connection that has said nothing yet. */
  connect(remoteAddress?: string): FakeClient {
    const client = new FakeClient((channel) => this.member.open(channel), this.#nextPort++, remoteAddress);
    this.#clients.push(client);
    return client;
  }

  /** A client with a session, ready to ask. */
  newSession(greeting: Greeting = {}, remoteAddress?: string): FakeClient {
    const client = this.connect(remoteAddress);
    client.greet(greeting);
    this.settle();
    client.heard();
    return client;
  }

  /** The turn of the loop is over: what was deferred runs, so that a sync may begin. */
  endTurn(): void {
    const runs = this.#deferred;
    this.#deferred = [];
    for (const run of runs) run();
  }

  /** The disk has done what it was asked; a next sync may begin at once. */
  completeSync(): void {
    this.log.completeSync();
  }

  /** Goes on until everything that was asked is durable and answered. */
  settle(): void {
    for (this.endTurn(); this.log.isSyncing; this.endTurn()) this.log.completeSync();
  }

  /** Lets time pass in one step, with the tick that notices it. */
  pass(durationMs: number): void {
    this.clock.nowMs += durationMs;
    this.member.tick();
  }
}
