import { firstSessionId, nextSessionId, type ServerId, type SessionId } from '@corral/primitives';

/** Gives out the numbers of new sessions. */
export class SessionIds {
  #next: SessionId;
  readonly #isInUse: (id: SessionId) => boolean;

  constructor(serverId: ServerId, wallClockMs: number, isInUse: (id: SessionId) => boolean) {
    this.#next = firstSessionId(serverId, wallClockMs);
    this.#isInUse = isInUse;
  }

  /** The clock may have gone back over a restart, so an id that is in use is passed over. */
  take(): SessionId {
    let id = this.#next;
    while (this.#isInUse(id)) id = nextSessionId(id);
    this.#next = nextSessionId(id);
    return id;
  }
}
