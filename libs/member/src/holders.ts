import type { SessionId } from '@corral/primitives';
import type { Session } from '@corral/znode';
import type { Connection } from './connection.js';

/** Which connection holds which session. */
export class Holders {
  readonly #bySession = new Map<SessionId, Connection>();
  readonly #closeConnection: (connection: Connection) => void;

  /** `closeConnection` sends what is due to a connection and ends it. */
  constructor(closeConnection: (connection: Connection) => void) {
    this.#closeConnection = closeConnection;
  }

  get(id: SessionId): Connection | undefined {
    return this.#bySession.get(id);
  }

  /** The connection holds the session from now on; one that held it before is ended. */
  attach(connection: Connection, session: Session): void {
    this.close(session.id);
    connection.session = session;
    this.#bySession.set(session.id, connection);
  }

  /** Ends whoever holds the session. */
  close(id: SessionId): void {
    const holder = this.#bySession.get(id);
    if (holder !== undefined) this.#closeConnection(holder);
  }

  /** The session is gone; whoever holds it is ended, save `spared`. */
  closed(id: SessionId, spared: Connection | undefined): void {
    if (this.#bySession.get(id) === spared) this.#bySession.delete(id);
    else this.close(id);
  }

  /** The connection is gone. */
  release(connection: Connection): void {
    const { session } = connection;
    if (session !== undefined && this.#bySession.get(session.id) === connection) this.#bySession.delete(session.id);
  }
}
