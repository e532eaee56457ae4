import { beforeEach, expect, it } from '@jest/globals';
import { InvariantBrokenError, type Zxid } from '@corral/primitives';
import { MemoryTransactionLog } from '@corral/storage-memory';
import type { Effect, LinkId, ReplicaInputs } from '@corral/zab';
import { FakePeerLink, id } from './ensemble-stage.fake.js';
import type { IncomingTree, PeerNetwork, ReplicaStorage } from './ports.js';
import { ReplicaDriver } from './replica-driver.js';

/** A link on which a test sends the leader's tree. */
class LeaderLink extends FakePeerLink {
  #take: ((chunk: Buffer) => void) | undefined;

  override takeBytes(take: (chunk: Buffer) => void): void {
    this.#take = take;
  }

  sends(text: string): void {
    this.#take?.(Buffer.from(text));
  }
}

let nowMs: number;
/** What the disk says to the next bytes of a tree. */
let fault: Error | undefined;
let logLines: string[];
let notTakenCount: number;
let failure: Error | undefined;
let calls: LeaderLink[];
let wanted: Effect[];
let driver: ReplicaDriver;

beforeEach(() => {
  [nowMs, notTakenCount] = [0, 0];
  [logLines, calls, wanted] = [[], [], []];
  [fault, failure] = [new Error('the disk is full'), undefined];
  const nothing = (): undefined => undefined;
  const tree = (): IncomingTree => ({
    znodeCount: 0,
    sizeBytes: 0,
    push: () => {
      if (fault !== undefined) throw fault;
      return undefined;
    },
    complete: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  });
  const storage = { log: new MemoryTransactionLog(), receiveSnapshot: tree } as unknown as ReplicaStorage;
  const network: PeerNetwork = {
    notify: nothing,
    connect: (_leader, handler, done) => {
      const peer = new LeaderLink(handler);
      calls.push(peer);
      done(peer);
    },
  };
  let link: LinkId | undefined;
  const replica = {
    takeEffects: () => wanted.splice(0),
    tick: nothing,
    leaderConnected: (_leader: unknown, connected: LinkId) => {
      link = connected;
    },
    receive: () => wanted.push({ kind: 'receive-snapshot', link: link! }),
    // As the replica does when it finds a leader again, which may well be at once.
    linkClosed: () => wanted.push({ kind: 'connect', leader: id(3) }),
  } as unknown as ReplicaInputs;
  driver = new ReplicaDriver({
    replica,
    storage,
    network,
    logger: (level, message, fields) =>
      logLines.push(`${level}: ${message} ${String(fields?.['inMs'])} ${String(fields?.['reason'])}`),
    monotonicMs: () => nowMs,
    defer: (run) => {
      run();
    },
    metrics: {
      logSynced: nothing,
      requestsAnswered: nothing,
      treeFlushed: nothing,
      treeNotTaken: () => (notTakenCount += 1),
    },
    logged: nothing,
    commit: nothing,
    truncated: nothing,
    installed: nothing,
    deliver: nothing,
    stateChanged: nothing,
    linkClosed: nothing,
    completePing: (message) => message,
    failed: (error) => {
      failure = error;
    },
  });
  wanted.push({ kind: 'connect', leader: id(3) });
  driver.settle();
});

/** The leader that was called last sends a tree. */
function treeComes(): void {
  calls.at(-1)!.hears({ kind: 'snap', zxid: (2 ** 32) as Zxid });
  calls.at(-1)!.sends('a tree');
}

function pass(ms: number): void {
  nowMs += ms;
  driver.tick();
}

it("a member that cannot store its leader's tree waits before it asks again, longer each time, and says so", () => {
  const waits = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000];
  for (const [at, waitMs] of waits.entries()) {
    treeComes();
    expect(calls.at(-1)!.isClosed).toBe(true);
    pass(waitMs - 1);
    expect(calls).toHaveLength(at + 1);
    pass(1);
    expect(calls).toHaveLength(at + 2);
  }
  const line = "error: the leader's tree cannot be taken; this member asks for it again";
  expect(logLines.filter((text) => text.startsWith('error'))).toEqual(
    waits.map((waitMs) => `${line} ${waitMs} the disk is full`),
  );
  expect([notTakenCount, failure]).toEqual([waits.length, undefined]);
});

it('takes the tree as soon as there is room for it', () => {
  treeComes();
  pass(1000);
  fault = undefined;
  treeComes();
  expect([calls.at(-1)!.isClosed, notTakenCount]).toEqual([false, 1]);
});

it('a bug is no full disk', () => {
  fault = new InvariantBrokenError('a bug');
  expect(treeComes).toThrow('a bug');
});
