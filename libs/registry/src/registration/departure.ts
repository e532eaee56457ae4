import { type Client, MultiError, NodeExistsError, NoNodeError, ops } from '@corral/client';
import type { Layout } from '../layout.js';

/** So often a parent may vanish in between before something else must be wrong. */
const TRIES_MAX = 4;

/** Removes an instance, and says that this was meant: consumers' guards do not miss it. It is no error when it is gone already. */
export async function announceDeparture(client: Client, layout: Layout, service: string, id: string): Promise<void> {
  const departure = layout.departure(service, id);
  const path = layout.instance(service, id);
  for (let tries = 1; ; tries += 1) {
    try {
      await client.multi([ops.create(departure, null, { mode: 'ephemeral' }), ops.delete(path)]);
      return;
    } catch (error) {
      if (!(error instanceof MultiError) || tries === TRIES_MAX) throw error;
      if (error.index === 1 && error.cause instanceof NoNodeError) return;
      if (error.cause instanceof NoNodeError) await client.ensurePath(layout.departures(service));
      // It has left before, and come back, in this session.
      else if (error.cause instanceof NodeExistsError) await removeIfAny(client, departure);
      else throw error;
    }
  }
}

async function removeIfAny(client: Client, path: string): Promise<void> {
  try {
    await client.delete(path);
  } catch (error) {
    if (!(error instanceof NoNodeError)) throw error;
  }
}
