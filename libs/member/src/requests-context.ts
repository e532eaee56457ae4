import type { Logger } from '@corral/primitives';
import type { PrepareContext, SessionTracker, Tree } from '@corral/znode';
import type { Connection } from './connection.js';
import type { GroupCommit } from './group-commit.js';
import type { MemberOptions } from './options.js';
import type { Clock, SessionPasswords } from './ports.js';
import type { SessionKeeper } from './session-keeper.js';
import type { MemberStatistics } from './statistics.js';
import type { Metrics } from './status.js';
import type { WatchEvents } from './watch-events.js';

/** What requests ask of the member as a whole. */
export interface MemberOfRequests {
  /** Why writes are refused; nothing while they are not. */
  readonly failure: Error | undefined;
  /** Sends what is due to the connection and ends it; it hears of nothing any more. */
  closeConnection(connection: Connection): void;
}

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
  readonly tracker: SessionTracker;
  readonly sessions: SessionKeeper;
  readonly commit: GroupCommit;
  readonly statistics: MemberStatistics;
  readonly watchEvents: WatchEvents;
  readonly member: MemberOfRequests;
}
