import { assert, formatZxid, InvariantBrokenError, type Zxid } from '@corral/primitives';
import type { ReceiveSnapshotEffect, SynchronizeEffect } from '@corral/zab';
import { BackOff } from './back-off.js';
import type { ReplicaDriverPorts } from './driver-ports.js';
import { LearnerStream } from './learner-stream.js';
import type { Links } from './links.js';
import type { LogSyncer } from './log-syncer.js';
import type { OpenLink } from './open-link.js';
import type { IncomingTree } from './ports.js';
import { SnapshotIntake } from './snapshot-intake.js';

/** What a transfer asks of the driver. */
export interface TransferHooks {
  /** Nothing may happen any more until `unblock`, which first does what it is given. */
  readonly block: () => void;
  readonly unblock: (first: () => void) => void;
  /** Tells the replica something, once the effects at hand are carried out. */
  readonly report: (report: () => void) => void;
  /** A link is of no use any more. */
  readonly lost: (link: OpenLink, reason: string | undefined) => void;
  readonly failed: (error: unknown) => void;
}

/** How long a member waits that could not take its leader's tree: each try costs the leader a whole tree. */
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 60_000;

/** Brings histories from member to member: out to learners, in from the leader. */
export class HistoryTransfer {
  readonly #ports: ReplicaDriverPorts;
  readonly #links: Links;
  readonly #syncer: LogSyncer;
  readonly #hooks: TransferHooks;
  readonly #retry = new BackOff(RETRY_MS_MIN, RETRY_MS_MAX);

  constructor(ports: ReplicaDriverPorts, links: Links, syncer: LogSyncer, hooks: TransferHooks) {
    this.#ports = ports;
    this.#links = links;
    this.#syncer = syncer;
    this.#hooks = hooks;
  }

  /** Whether the last tree could not be taken, so that a leader had better not be asked for another one yet. */
  get isWaiting(): boolean {
    return this.#retry.isWaiting(this.#ports.monotonicMs());
  }

  /** Sends a learner what it does not have. */
  send({ link: id, plan }: SynchronizeEffect): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    const { storage, monotonicMs, defer, logger } = this.#ports;
    const startedAtMs = monotonicMs();
    const stream = new LearnerStream({
      link: link.peer,
      plan,
      log: storage.log,
      openSnapshot: () => storage.openSnapshot(),
      monotonicMs,
      defer,
      done: () => {
        link.stream = undefined;
        logger('info', 'a learner was sent what it did not have', {
          peer: link.name,
          plan: plan.kind,
          tookMs: Math.round(monotonicMs() - startedAtMs),
        });
      },
      failed: (reason) => {
        link.close();
        this.#hooks.lost(link, reason);
      },
    });
    link.stream = stream;
    stream.pump();
  }

  /** Takes the leader's tree. */
  receive({ link: id }: ReceiveSnapshotEffect): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    const { storage, logger } = this.#ports;
    const zxid = link.snapshotZxid;
    assert(zxid !== undefined, 'a snapshot is announced before it comes');
    logger('info', 'taking the tree from the leader', { zxid: formatZxid(zxid) });
    let incoming: IncomingTree;
    try {
      incoming = storage.receiveSnapshot();
    } catch (error) {
      this.#notTaken(link, error);
      return;
    }
    link.intake = new SnapshotIntake(link.peer, zxid, incoming, {
      arrived: (tree, rest) => {
        link.intake = undefined;
        this.#retry.succeeded();
        this.#install(link, zxid, tree, rest);
      },
      failed: (error) => {
        link.intake = undefined;
        this.#notTaken(link, error);
      },
    });
    link.intake.start();
  }

  /** What the member has is as good as before, so it stays, and heals by itself when there is room for the tree. */
  #notTaken(link: OpenLink, error: unknown): void {
    if (error instanceof InvariantBrokenError) throw error;
    const { logger, metrics, monotonicMs } = this.#ports;
    const delayMs = this.#retry.failed(monotonicMs());
    const reason = error instanceof Error ? error.message : String(error);
    logger('error', "the leader's tree cannot be taken; this member asks for it again", { inMs: delayMs, reason });
    metrics?.treeNotTaken();
    link.close();
    this.#hooks.lost(link, undefined);
  }

  /** From here on nothing else happens until the new tree is in its place. */
  #install(link: OpenLink, zxid: Zxid, tree: IncomingTree, rest: Buffer): void {
    this.#hooks.block();
    const install = (): void => {
      const { storage, logger, installed, replica } = this.#ports;
      const { sizeBytes, znodeCount: znodes } = tree;
      tree
        .complete(zxid)
        .then(() => storage.install())
        .then(
          () => {
            this.#syncer.forget();
            logger('info', 'the tree is here', { zxid: formatZxid(zxid), znodes, sizeBytes });
            this.#hooks.unblock(() => {
              installed();
              this.#hooks.report(() => {
                replica.snapshotInstalled(zxid);
              });
            });
            link.peer.resumeReading();
            link.peer.resumeMessages(rest);
          },
          (error: unknown) => {
            this.#hooks.failed(error);
          },
        );
    };
    this.#syncer.whenIdle(install);
  }
}
