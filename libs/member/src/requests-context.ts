import type { Logger } from '@corral/primitives';
import type { PrepareContext, Tree } from '@corral/znode';
import type { Connection } from './connection.js';
import type { CommitQueue, Pending } from './commit-queue.js';
import type { MemberOptions } from './options.js';
import type { Clock, SessionPasswords } from './ports.js';
import type { Sessions } from './sessions.js';
import type { MemberStatistics } from './statistics.js';
import type { Metrics } from './status.js';
import type { WatchEvents } from './watch-events.js';

/** What requests ask of the member as a whole. */
export interface MemberOfRequests {
  /** Why writes are refused; nothing while they are not. */
  readonly failure: Error | undefined;
  /** It has no quorum: only clients that accept a read-only member are served, and nothing that needs the others is done. */
  readonly isCutOff: boolean;
  /** Sends what is due to the connection and ends it; it hears of nothing any more. */
  closeConnection(connection: Connection): void;
}

/** Passes a write on, with what its client has proved to be. Its answer comes through `complete`. */
export type Forward = (pending: Pending, connection: Connection, request: Uint8Array) => void;

/** What everything that handles requests works with. */
export interface RequestsContext {
  readonly options: MemberOptions;
  readonly ports: {
    readonly clock: Clock;
    readonly passwords: SessionPasswords;
    readonly logger: Logger;
    readonly metrics?: Metrics;
    readonly flushConnections: () => void;
  };
  readonly tree: Tree<Connection>;
  readonly prepare: PrepareContext;
  readonly sessions: Sessions;
  readonly commit: CommitQueue;
  /** Takes writes to the leader; absent where they are decided here. */
  readonly forward: Forward | undefined;
  readonly statistics: MemberStatistics;
  readonly watchEvents: WatchEvents;
  readonly member: MemberOfRequests;
}
