import {
  BadVersionError,
  type Client,
  ConnectionLossError,
  MultiError,
  NodeExistsError,
  NoNodeError,
  ops,
  SessionExpiredError,
} from '@corral/client';
import type { Layout } from '../layout.js';

/** So often a parent may vanish, or a connection be lost, in between before something else must be wrong. */
const TRIES_MAX = 8;

/**
 * Removes an instance of this session, and says that this was meant: consumers' guards do not miss it. The saying is an event, so what
 * makes it is gone again at once. It is no error when the instance is gone already, or is another session's by now.
 */
export async function announceDeparture(client: Client, layout: Layout, service: string, id: string): Promise<void> {
  const departure = layout.departure(service, id);
  const path = layout.instance(service, id);
  for (let tries = 1; ; tries += 1) {
    try {
      const stat = await client.exists(path);
      if (stat === undefined || stat.ephemeralOwner !== client.sessionId) return;
      await client.multi([ops.create(departure), ops.delete(path, stat.version), ops.delete(departure)]);
      return;
    } catch (error) {
      // It goes with its session.
      if (error instanceof SessionExpiredError) return;
      if (tries === TRIES_MAX || !(await mayGoOn(error, client, layout, service, id))) throw error;
    }
  }
}

/** Puts right what may have been in the way. What has become of the instance meanwhile shows when it is looked for again. */
async function mayGoOn(error: unknown, client: Client, layout: Layout, service: string, id: string): Promise<boolean> {
  if (error instanceof ConnectionLossError) return true;
  if (!(error instanceof MultiError)) return false;
  const { cause, index } = error;
  if (index === 0 && cause instanceof NoNodeError) await client.ensurePath(layout.departures(service));
  else if (cause instanceof NodeExistsError) await client.deleteRecursive(layout.departure(service, id));
  else return cause instanceof NoNodeError || cause instanceof BadVersionError;
  return true;
}
