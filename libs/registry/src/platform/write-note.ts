import { BadVersionError, type Client, NodeExistsError, NoNodeError } from '@corral/client';

/** So often a note may be written by another platform at the same moment before something else must be wrong. */
const TRIES_MAX = 16;

/** Writes what `change` makes of the note that is there, and never over what somebody else has written meanwhile. */
export async function writeNote(
  client: Client,
  path: string,
  change: (present: Buffer | undefined) => string,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const present = await client.getOrUndefined(path);
    const data = change(present?.data);
    if (present?.data.toString('utf8') === data) return;
    try {
      if (present === undefined) await client.create(path, data, { createParents: true });
      else await client.set(path, data, { version: present.stat.version });
      return;
    } catch (error) {
      const isLate =
        error instanceof BadVersionError || error instanceof NodeExistsError || error instanceof NoNodeError;
      if (!isLate || tries === TRIES_MAX) throw error;
    }
  }
}

/** Removes a note; it is no error when there is none. */
export async function removeNote(client: Client, path: string): Promise<void> {
  try {
    await client.delete(path);
  } catch (error) {
    if (!(error instanceof NoNodeError)) throw error;
  }
}
