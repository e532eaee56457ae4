import { abortReason } from '../errors/abort-reason.js';
import { type ConnectionState, isConnected, type StateFeed } from './connection-state.js';

/** Resolves once the state is a connected one; rejects with the signal's reason, or with `closedError` when the client is closed. */
export function untilConnected(
  states: StateFeed,
  signal: AbortSignal | undefined,
  closedError: () => Error,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = (state: ConnectionState): void => {
      if (isConnected(state)) finish(resolve);
      if (state === 'closed') {
        finish(() => {
          reject(closedError());
        });
      }
    };
    const abort = (): void => {
      finish(() => {
        reject(abortReason(signal));
      });
    };
    const stop = states.listen(check);
    const finish = (settle: () => void): void => {
      stop();
      signal?.removeEventListener('abort', abort);
      settle();
    };
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
    else check(states.current);
  });
}
