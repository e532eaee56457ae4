import type { Transaction } from '@corral/model';
import type { DeliverEffect, LinkId, SessionTouch } from '@corral/zab';
import type { ChangeResult, SessionTracker, Tree } from '@corral/znode';
import type { ClientService } from '../clients.js';
import type { CommitQueue, Pending } from '../commit-queue.js';
import type { Connection } from '../connection.js';
import type { MemberPorts } from '../member.js';
import type { MemberStatistics } from '../statistics.js';
import type { WatchEvents } from '../watch-events.js';
import type { Applier } from './applier.js';
import type { EnsembleOptions } from './options.js';
import type { ReplicaDriver } from './replica-driver.js';

/** What serving works with, whatever the role. */
export interface ServiceInputs {
  readonly options: EnsembleOptions;
  readonly ports: Pick<MemberPorts, 'clock' | 'passwords' | 'logger' | 'metrics' | 'flushConnections'>;
  readonly tree: Tree<Connection>;
  readonly statistics: MemberStatistics;
  readonly watchEvents: WatchEvents;
  readonly driver: ReplicaDriver;
  readonly applier: Applier;
  /** Sends what is due to a connection and ends it. */
  readonly closeConnection: (connection: Connection) => void;
}

/** How a member serves for as long as it has one role under one leader. */
export interface Service extends ClientService {
  readonly commit: CommitQueue;
  readonly tracker: SessionTracker;
  readonly pendingSyncs: number;
  /** A committed transaction is in the tree; `pending` is what this member proposed it for. */
  applied(transaction: Transaction, result: ChangeResult | ChangeResult[], pending: Pending | undefined): void;
  /** A peer says something that is about clients. */
  deliver(effect: DeliverEffect): void;
  /** The sessions that were heard here since the last time. */
  takeTouches(): SessionTouch[];
  tick(nowMs: number): void;
  linkClosed(link: LinkId): void;
}
