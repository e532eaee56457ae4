import type { Logger } from '@corral/primitives';
import { endWith } from '../streams/end-with.js';
import { Mailbox } from '../streams/mailbox.js';

/**
 * How a client stands with its ensemble, named as Curator names it. `connecting`: never connected yet. `suspended`: the connection is
 * gone, the session may live. `lost`: the session is over, or must be presumed so; a new one is sought. `connected` is the first
 * connection of a session, `reconnected` a later one. `read-only`: the server has no quorum.
 */
export type ConnectionState =
  'connecting' | 'connected' | 'suspended' | 'reconnected' | 'lost' | 'read-only' | 'closed';

/** Whether requests are answered in this state. */
export function isConnected(state: ConnectionState): boolean {
  return state === 'connected' || state === 'reconnected' || state === 'read-only';
}

/** Changes of state that a slow reader may leave unread before the oldest are dropped. */
const UNREAD_STATES_MAX = 64;

type StateListener = (state: ConnectionState) => void;

/** The state, and those who want to know of its changes. */
export class StateFeed {
  readonly #logger: Logger;
  readonly #listeners = new Set<StateListener>();
  #current: ConnectionState = 'connecting';

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get current(): ConnectionState {
    return this.#current;
  }

  become(state: ConnectionState): void {
    if (state === this.#current) return;
    this.#current = state;
    for (const listener of [...this.#listeners]) {
      try {
        listener(state);
      } catch (error) {
        this.#logger('error', 'a listener of connection states has thrown', { state, cause: String(error) });
      }
    }
  }

  /** The listener is called for every change from now on; the function that comes back removes it. */
  listen(listener: StateListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** The changes from now on, ending with `closed`. */
  open(signal: AbortSignal | undefined): Mailbox<ConnectionState> {
    let stopListening = (): void => undefined;
    const mailbox = new Mailbox<ConnectionState>({
      itemsMax: UNREAD_STATES_MAX,
      collapse: (unread) => unread.slice(1),
      onEnd: () => {
        stop();
        stopListening();
      },
    });
    const stop = this.listen((state) => {
      mailbox.put(state);
      if (state === 'closed') mailbox.end();
    });
    stopListening = endWith(mailbox, signal);
    if (this.#current === 'closed') mailbox.end();
    return mailbox;
  }
}
