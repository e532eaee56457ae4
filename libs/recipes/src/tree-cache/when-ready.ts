import { ClientClosedError } from '@corral/client';

/** What is waited for. */
export interface Fillable {
  readonly state: 'filling' | 'current' | 'stale' | 'closed';
  readonly failure: Error | undefined;
  onState(listener: () => void): () => void;
}

/** Resolves when the cache is filled; rejects when it is closed before, or when the signal says so. */
export function whenReady(cache: Fillable, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      if (cache.state === 'filling') return;
      finish();
      if (cache.state === 'closed') reject(cache.failure ?? new ClientClosedError('TreeCache'));
      else resolve();
    };
    const abort = (): void => {
      finish();
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal?.reason }));
    };
    const stop = cache.onState(check);
    const finish = (): void => {
      stop();
      signal?.removeEventListener('abort', abort);
    };
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
    else check();
  });
}
