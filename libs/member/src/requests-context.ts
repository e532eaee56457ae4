import type { Logger, SessionId } from '@corral/primitives';
import type { PrepareContext, Session, SessionTracker, Tree } from '@corral/znode';
import type { Connection } from './connection.js';
import type { GroupCommit, Pending } from './group-commit.js';
import type { MemberOptions } from './options.js';
import type { Clock, SessionPasswords } from './ports.js';
import type { MemberStatistics } from './statistics.js';
import type { Metrics } from './status.js';
import type { WatchEvents } from './watch-events.js';

/** What requests ask of the member about sessions and connections. */
export interface SessionLifecycle {
  /** Why writes are refused; nothing while they are not. */
  readonly failure: Error | undefined;
  createSession(connection: Connection, timeoutMs: number, pending: Pending): void;
  reattachSession(connection: Connection, id: SessionId, password: Uint8Array, timeoutMs: number): boolean;
  closeSession(session: Session, pending: Pending): void;
  /** The transaction that ended a session is applied; whoever holds it is ended, save `spared`, which still gets its answer. */
  sessionClosed(id: SessionId, spared: Connection | undefined): void;
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
  readonly sessions: SessionTracker;
  readonly commit: GroupCommit;
  readonly statistics: MemberStatistics;
  readonly watchEvents: WatchEvents;
  readonly lifecycle: SessionLifecycle;
}
