import type { Mailbox } from './mailbox.js';

/** Ends the mailbox when the caller's signal says so, at once if it has said so already. Answers with how to stop listening. */
export function endWith<T>(mailbox: Mailbox<T>, signal: AbortSignal | undefined): () => void {
  if (signal === undefined) return () => undefined;
  const end = (): void => {
    mailbox.end();
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return () => {
    signal.removeEventListener('abort', end);
  };
}
