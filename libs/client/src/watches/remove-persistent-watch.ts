import { WatcherType } from '@corral/model';
import { removeWatches } from '../operations/operations.js';
import { submit } from '../requests/submit.js';
import type { SessionDriver } from '../session/session-driver.js';

/**
 * Takes a persistent watch from the server, after its last listener has left. Servers before 3.9 can only remove all watches of a path
 * at once; those that others still want are set again, compared with what was seen before, so that nothing is missed.
 */
export async function removePersistentWatch(driver: SessionDriver, fullPath: string): Promise<void> {
  if (!driver.isReady) return;
  const seen = driver.session.lastZxid;
  const body = { path: fullPath, type: WatcherType.any };
  try {
    await submit(driver, { operation: removeWatches, body, path: fullPath });
    driver.setWatchesAgain(driver.watches.rearmPath(fullPath, seen));
  } catch (error) {
    // The watch stays until the connection ends, and its events find nobody.
    driver.settings.logger('debug', 'a watch was not removed', { path: fullPath, cause: String(error) });
  }
}
