import { AddWatchMode, WatcherType } from '@corral/model';
import { addWatch, removeWatches } from '../operations/operations.js';
import { submit } from '../requests/submit.js';
import type { SessionDriver } from '../session/session-driver.js';

/**
 * Takes a persistent watch from the server, after its last listener has left. Servers before 3.9 can only remove all watches of a path
 * at once; those that others still want are set again. One-shot watches are compared with what was seen before, so that nothing is missed;
 * who follows a persistent one is told to read anew.
 */
export async function removePersistentWatch(driver: SessionDriver, path: string, recursive: boolean): Promise<void> {
  const { persistent } = driver.watches;
  // Where both kinds were wanted, the server has the recursive one, and goes on with it.
  if (!driver.isReady || (!recursive && persistent.has(path, true))) return;
  const seen = driver.session.lastZxid;
  try {
    await submit(driver, { operation: removeWatches, body: { path, type: WatcherType.any }, path });
    driver.setWatchesAgain(driver.watches.rearmPath(path, seen));
    if (!recursive || !persistent.has(path, false)) return;
    // A recursive one may be wanted again by now.
    const mode = persistent.has(path, true) ? AddWatchMode.persistentRecursive : AddWatchMode.persistent;
    await submit(driver, { operation: addWatch, body: { path, mode }, path });
    for (const { onArmed } of persistent.of(path, false)) onArmed();
  } catch (error) {
    // The watch stays until the connection ends, and its events find nobody.
    driver.settings.logger('debug', 'a watch was not removed', { path, cause: String(error) });
  }
}
