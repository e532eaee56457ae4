import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 25;

/**
 * Looks until what it sees fits, and gives it back. Processes under test are asked, not slept for: the limit only ends a test that would hang.
 * A probe that throws has seen nothing yet; its last error is told when the time is over.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T>,
  fits: (seen: T) => boolean,
  timeoutMs = 30_000,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < deadlineMs) {
    try {
      const seen = await probe();
      if (fits(seen)) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    await delay(POLL_MS);
  }
  const shown = last instanceof Error ? (last.stack ?? last.message) : JSON.stringify(last);
  throw new Error(`not within ${timeoutMs} ms: ${what}; last seen: ${shown}`);
}
