import { InvariantBrokenError, type Zxid } from '@corral/primitives';
import type { Effect, LinkId, QuorumMessage, ReplicaInputs, SendEffect } from '@corral/zab';
import { callLeader, HeldCalls } from './call-leader.js';
import type { ReplicaDriverPorts } from './driver-ports.js';
import { HistoryTransfer } from './history-transfer.js';
import type { Proposer } from './leader-commit.js';
import { Links } from './links.js';
import { LogSyncer } from './log-syncer.js';
import type { OpenLink } from './open-link.js';
import type { PeerLink, PeerLinkHandler } from './ports.js';

/**
 * Drives a replica: hands it what happens, and carries out what it wants, in its order. One sync of the log is under way at most, and all that was
 * appended meanwhile shares the next; everything that a turn sends leaves with one write for each link.
 */
export class ReplicaDriver implements Proposer {
  readonly #ports: ReplicaDriverPorts;
  readonly links: Links;
  readonly #syncer: LogSyncer;
  readonly #transfer: HistoryTransfer;
  readonly #calls: HeldCalls;
  #isScheduled = false;
  #isRunning = false;
  #effects: Effect[] = [];
  #at = 0;
  /** Told to the replica once the present effects are carried out. */
  #reports: (() => void)[] = [];
  /** A truncation or an installation has to be done before anything else. */
  #isBlocked = false;
  /** What happened meanwhile. */
  #blockedInputs: (() => void)[] = [];
  #isDead = false;

  constructor(ports: ReplicaDriverPorts) {
    this.#ports = ports;
    this.links = new Links({
      received: (link, message) => {
        this.#received(link, message);
      },
      turnEnd: () => {
        this.#schedule();
      },
      lost: (link, fault) => {
        this.#lost(link, fault);
      },
      forgotten: ports.linkClosed,
    });
    this.#syncer = new LogSyncer({
      log: () => ports.storage.log,
      monotonicMs: ports.monotonicMs,
      metrics: ports.metrics,
      synced: (through) => {
        this.#synced(through);
      },
      failed: (error) => {
        this.#fail(error);
      },
    });
    this.#transfer = new HistoryTransfer(ports, this.links, this.#syncer, {
      block: () => {
        this.#isBlocked = true;
      },
      unblock: (first) => {
        this.#unblock(first);
      },
      report: (report) => {
        this.#reports.push(report);
      },
      lost: (link, reason) => {
        this.#lost(link, reason);
      },
      failed: (error) => {
        this.#isBlocked = false;
        this.#fail(error);
      },
    });
    const isTooEarly = (): boolean => this.#transfer.isWaiting;
    const input = this.input.bind(this);
    this.#calls = new HeldCalls(isTooEarly, (leader) => callLeader(leader, ports.network, this.links, input));
  }

  /** Tells the replica of something that has happened. */
  input(tell: (replica: ReplicaInputs) => void): void {
    if (this.#isDead) return;
    if (this.#isBlocked) {
      this.#blockedInputs.push(() => {
        this.input(tell);
      });
      return;
    }
    tell(this.#ports.replica);
    this.#schedule();
  }

  /** One tick of the timer. Those of a time in which nothing else could happen do not count. */
  tick(): void {
    if (this.#isDead || this.#isBlocked) return;
    this.#calls.tick();
    this.#ports.replica.tick();
    this.#schedule();
  }

  /** Somebody has connected to the quorum port. */
  accept(open: (handler: PeerLinkHandler) => PeerLink): void {
    if (this.#isDead) return;
    const link = this.links.register(open);
    this.input((replica) => {
      replica.learnerConnected(link.id);
    });
  }

  #received(link: OpenLink, message: QuorumMessage): void {
    link.note(message);
    if (this.#isBlocked) {
      this.#blockedInputs.push(() => {
        this.#received(link, message);
      });
      return;
    }
    if (this.#isDead || !this.links.has(link)) return;
    this.#ports.replica.receive(link.id, message);
    // A tree follows this message, and the link must know before it reads on.
    if (message.kind === 'snap') this.settle();
    else this.#schedule();
  }

  #lost(link: OpenLink, fault: string | undefined): void {
    if (!this.links.has(link)) return;
    this.links.forget(link);
    if (fault !== undefined)
      this.#ports.logger('warn', 'connection to another member closed', { peer: link.name, reason: fault });
    this.input((replica) => {
      replica.linkClosed(link.id);
    });
  }

  get nextZxid(): Zxid | undefined {
    return this.#isDead || this.#isBlocked ? undefined : this.#ports.replica.nextZxid;
  }

  propose(transaction: Uint8Array): void {
    this.#ports.replica.propose(transaction);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#ports.defer(() => {
      this.#isScheduled = false;
      this.settle();
    });
  }

  /** Carries out everything that the replica wants, and what comes of that. */
  settle(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (!this.#isDead && !this.#isBlocked) {
        if (this.#at < this.#effects.length) {
          this.#perform(this.#effects[this.#at++]!);
        } else if (this.#reports.length > 0) {
          for (const report of this.#reports.splice(0)) report();
        } else {
          this.#effects = this.#ports.replica.takeEffects();
          this.#at = 0;
          if (this.#effects.length === 0) break;
        }
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#isRunning = false;
    this.#sync();
    this.links.flush();
  }

  #perform(effect: Effect): void {
    const { network, logger, stateChanged, commit, deliver } = this.#ports;
    switch (effect.kind) {
      case 'append':
        return this.#log(effect.zxid, effect.transaction);
      case 'commit':
        return commit(effect.through);
      case 'send':
        return this.#send(effect);
      case 'deliver':
        return deliver(effect);
      case 'notify':
        return network.notify(effect.to, effect.notification);
      case 'state':
        return stateChanged(effect.state);
      case 'store-epochs':
        return this.#storeEpochs(effect.acceptedEpoch, effect.currentEpoch);
      case 'truncate':
        return this.#truncate(effect.to);
      case 'synchronize':
        return this.#transfer.send(effect);
      case 'connect':
        return this.#calls.call(effect.leader);
      case 'receive-snapshot':
        return this.#transfer.receive(effect);
      case 'close':
        return this.#close(effect.link, effect.reason);
      case 'halt':
        logger('error', 'this member stays out of the ensemble', { reason: effect.reason });
        return this.#fail(new Error(effect.reason));
    }
  }

  #log(zxid: Zxid, transaction: Uint8Array): void {
    this.#syncer.append(zxid, transaction);
    this.#ports.logged(zxid, transaction);
  }

  #sync(): void {
    if (!this.#isBlocked && !this.#isDead) this.#syncer.sync();
  }

  #synced(through: Zxid): void {
    if (this.#isDead) return;
    this.#ports.replica.logSynced(through);
    // The next batch goes to the disk before this one is acknowledged and applied.
    this.#sync();
    this.settle();
  }

  #send({ links, message }: SendEffect): void {
    if (message.kind === 'ping') message = this.#ports.completePing(message);
    for (const id of links) {
      const link = this.links.get(id);
      if (link !== undefined) this.links.append(link, message);
    }
  }

  #storeEpochs(acceptedEpoch: number, currentEpoch: number): void {
    this.#ports.storage.storeEpochs(acceptedEpoch, currentEpoch);
    this.#reports.push(() => {
      this.#ports.replica.epochsStored(acceptedEpoch, currentEpoch);
    });
  }

  #truncate(to: Zxid): void {
    this.#isBlocked = true;
    this.#syncer.whenIdle(() => {
      this.#unblock(() => {
        this.#ports.storage.log.truncate(to);
        this.#syncer.forget();
        this.#ports.truncated();
        this.#reports.push(() => {
          this.#ports.replica.logTruncated();
        });
      });
    });
  }

  #unblock(first: () => void): void {
    this.#isBlocked = false;
    try {
      first();
    } catch (error) {
      this.#fail(error);
    }
    this.settle();
    for (const input of this.#blockedInputs.splice(0)) input();
    this.#schedule();
  }

  #close(id: LinkId, reason: string): void {
    const link = this.links.get(id);
    if (link === undefined) return;
    this.#ports.logger('info', 'closing the connection to another member', { peer: link.name, reason });
    this.links.forget(link);
    link.close();
  }

  /** What is on disk is not known any more, or not good enough: the member leaves, and its peers go on without it. */
  #fail(cause: unknown): void {
    // A bug is no failing disk: it stops the process.
    if (cause instanceof InvariantBrokenError) throw cause;
    if (this.#isDead) return;
    this.close();
    this.#ports.failed(cause instanceof Error ? cause : new Error(String(cause)));
  }

  /** Says good-bye to all members. */
  close(): void {
    this.#isDead = true;
    this.links.closeAll();
  }

  /** Resolves when the log is not being written. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#syncer.whenIdle(resolve);
    });
  }
}
