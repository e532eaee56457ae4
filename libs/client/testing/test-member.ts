import { DEFAULT_MEMBER_OPTIONS, Member, type MemberOptions, type SessionPasswords } from '@corral/member';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { MemoryConnection } from './memory-connection.js';
import type { VirtualTimers } from './virtual-timers.js';

const WALL_CLOCK_OFFSET_MS = 1_600_000_000_000;

/** How often it looks at the clock: a session ends soon after its timeout. */
export const TEST_TICK_MS = 100;

/** Any timeout is granted. */
const TEST_OPTIONS: MemberOptions = {
  ...DEFAULT_MEMBER_OPTIONS,
  sessionTimeoutMsMin: 100,
  sessionTimeoutMsMax: 600_000,
};

/** Sixteen bytes that a test can guess. */
export const guessablePasswords: SessionPasswords = {
  issue(id) {
    const password = Buffer.alloc(16, 7);
    password.writeBigInt64BE(id);
    return password;
  },
  matches(id, password) {
    return this.issue(id).equals(password);
  },
};

/** A member on storage in memory, that can be stopped and started again. */
export class TestMember {
  readonly #timers: VirtualTimers;
  readonly #options: MemberOptions;
  readonly #connections = new Set<MemoryConnection>();
  #log = new MemoryTransactionLog({ syncsAtOnce: true });
  #store = new MemoryTreeStore();
  #member: Member | undefined;

  constructor(timers: VirtualTimers, options: Partial<MemberOptions>) {
    this.#timers = timers;
    this.#options = { ...TEST_OPTIONS, ...options };
    this.start();
  }

  get isRunning(): boolean {
    return this.#member !== undefined;
  }

  /** Starts it on what it had stored; `empty`: on nothing, as after the loss of all disks. */
  start(empty = false): void {
    if (empty) {
      this.#log = new MemoryTransactionLog({ syncsAtOnce: true });
      this.#store = new MemoryTreeStore();
    }
    this.#member = new Member(this.#options, {
      log: this.#log,
      store: this.#store,
      clock: {
        wallClockMs: () => WALL_CLOCK_OFFSET_MS + this.#timers.nowMs(),
        monotonicMs: () => this.#timers.nowMs(),
      },
      passwords: guessablePasswords,
      logger: () => undefined,
      defer: (run) => {
        this.#timers.defer(run);
      },
      traffic: { bytesReceived: 0, bytesSent: 0, connectionsRejected: 0, connectionsDropped: 0 },
      flushConnections: () => {
        this.#flush();
      },
    });
  }

  #flush(): void {
    for (const connection of this.#connections) {
      connection.flush();
      if (connection.isClosed) this.#connections.delete(connection);
    }
  }

  /** Its process ends: connections break, what was acknowledged stays stored. */
  stop(): void {
    this.#member = undefined;
    for (const connection of this.#connections) connection.sever('the server went away');
    this.#connections.clear();
  }

  /** Takes a connection; a member that is not running refuses it. */
  accept(connection: MemoryConnection): void {
    const member = this.#member;
    if (member === undefined) {
      connection.sever('connection refused');
      return;
    }
    this.#connections.add(connection);
    connection.accept((channel) => member.open(channel));
  }

  /** What the member says of itself. */
  get status(): Member['status'] {
    if (this.#member === undefined) throw new Error('the member does not run');
    return this.#member.status;
  }

  tick(): void {
    this.#member?.tick();
  }
}
