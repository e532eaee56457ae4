import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerId, Zxid } from '@corral/primitives';
import { InjectedFaultError, MemoryTransactionLog } from '@corral/storage-memory';
import type { Effect, LinkId, ReplicaInputs } from '@corral/zab';
import { FakePeerLink } from './ensemble-stage.fake.js';
import type { ReplicaStorage } from './ports.js';
import { ReplicaDriver } from './replica-driver.js';

const at = (counter: number): Zxid => (2 ** 32 + counter) as Zxid;
const append = (counter: number): Effect => ({ kind: 'append', zxid: at(counter), transaction: Buffer.from('t') });

/** A driver whose replica wants what the test says; what happens, in its order, is in `story`. */
class DriverStage {
  readonly log = new MemoryTransactionLog();
  readonly story: string[] = [];
  readonly driver: ReplicaDriver;
  readonly #wanted: Effect[] = [];
  #deferred: (() => void)[] = [];

  constructor() {
    const tell = (what: string): void => void this.story.push(what);
    const replica = {
      takeEffects: () => this.#wanted.splice(0),
      tick: () => {
        tell('tick');
      },
      logSynced: (through: Zxid) => {
        tell(`synced ${String(through - 2 ** 32)}`);
      },
      logTruncated: () => {
        tell('truncated');
      },
      epochsStored: (accepted: number, current: number) => {
        tell(`told of epochs ${String(accepted)} ${String(current)}`);
      },
      peerConnected: (peer: ServerId) => {
        tell(`peer ${String(peer)}`);
      },
      learnerConnected: (link: LinkId) => {
        tell(`learner on ${String(link)}`);
      },
    } as unknown as ReplicaInputs;
    const storage = {
      log: this.log,
      storeEpochs: (accepted: number, current: number) => {
        tell(`stored ${String(accepted)} ${String(current)}`);
      },
    } as unknown as ReplicaStorage;
    const nothing = (): undefined => undefined;
    this.driver = new ReplicaDriver({
      replica,
      storage,
      network: {
        notify: (to) => {
          tell(`notify ${String(to)}`);
        },
        connect: nothing,
      },
      logger: nothing,
      monotonicMs: () => 0,
      defer: (run) => this.#deferred.push(run),
      metrics: undefined,
      logged: (zxid) => {
        tell(`logged ${String(zxid - 2 ** 32)}`);
      },
      commit: (through) => {
        tell(`commit ${String(through - 2 ** 32)}`);
      },
      truncated: nothing,
      installed: nothing,
      deliver: nothing,
      stateChanged: nothing,
      linkClosed: nothing,
      completePing: (message) => message,
      failed: (error) => {
        tell(`failed: ${error.message}`);
      },
    });
  }

  /** The replica wants this, and the turn ends. */
  wants(...effects: Effect[]): void {
    this.#wanted.push(...effects);
    this.connects(9);
    this.endTurn();
  }

  /** Something happens. */
  connects(peer: number): void {
    this.driver.input((replica) => {
      replica.peerConnected(peer as ServerId);
    });
  }

  endTurn(): void {
    for (const run of this.#deferred.splice(0)) run();
  }
}

describe('what a replica wants', () => {
  let stage: DriverStage;

  beforeEach(() => {
    stage = new DriverStage();
  });

  it('is done in its order, at the end of the turn, with one sync for all of it', () => {
    const notify = { kind: 'notify', to: 3 as ServerId, notification: {} as never } as const;
    stage.wants(append(1), { kind: 'commit', through: at(1) }, append(2), notify);
    expect(stage.story).toEqual(['peer 9', 'logged 1', 'commit 1', 'logged 2', 'notify 3']);
    stage.log.completeSync();
    expect(stage.story.slice(5)).toEqual(['synced 2']);
    expect(stage.log.isSyncing).toBe(false);
  });

  it('is synced next when it comes during a sync', () => {
    stage.wants(append(1));
    stage.wants(append(2), append(3));
    stage.log.completeSync();
    expect(stage.story.filter((what) => what.startsWith('synced'))).toEqual(['synced 1']);
    stage.log.completeSync();
    expect(stage.story.filter((what) => what.startsWith('synced'))).toEqual(['synced 1', 'synced 3']);
  });

  it('is told to be on disk only when the effects at hand are done', () => {
    stage.wants({ kind: 'store-epochs', acceptedEpoch: 2, currentEpoch: 1 }, { kind: 'commit', through: at(1) });
    expect(stage.story).toEqual(['peer 9', 'stored 2 1', 'commit 1', 'told of epochs 2 1']);
  });

  it('waits, as does all that happens, while a log that syncs has yet to be cut', () => {
    stage.wants(append(1), append(2));
    stage.wants({ kind: 'truncate', to: at(1) }, append(5));
    stage.connects(4);
    stage.driver.tick();
    stage.endTurn();
    expect(stage.story.slice(3)).toEqual(['peer 9']);
    stage.log.completeSync();
    expect(stage.story.slice(4)).toEqual(['logged 5', 'truncated', 'peer 4']);
    expect(stage.log.lastZxid).toBe(at(5));
  });
});

describe('a member whose disk fails', () => {
  it('says so once, closes its links, and hears and does nothing more', () => {
    const stage = new DriverStage();
    const links: FakePeerLink[] = [];
    stage.driver.accept((handler) => {
      const link = new FakePeerLink(handler);
      links.push(link);
      return link;
    });
    stage.wants(append(1));
    stage.log.failNextSync(new InjectedFaultError('the disk is full'));
    stage.log.completeSync();
    expect(links.map(({ isClosed }) => isClosed)).toEqual([true]);
    stage.connects(4);
    stage.driver.tick();
    stage.wants(append(2));
    expect(stage.story).toEqual(['learner on 1', 'peer 9', 'logged 1', 'failed: the disk is full']);
  });
});
