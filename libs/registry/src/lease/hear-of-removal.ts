import { type Client, ClientClosedError, NoNodeError, SessionExpiredError } from '@corral/client';
import type { Logger } from '@corral/primitives';

/**
 * Calls `removed` when an ephemeral of this session is gone and nothing has taken its place, once. Of an ephemeral, a watch on its children
 * tells that alone.
 */
export function hearOfRemoval(client: Client, path: string, logger: Logger, removed: () => void): void {
  const look = (): void => {
    client.childrenWithWatch(path, look).catch((error: unknown) => {
      if (error instanceof NoNodeError) removed();
      // The next session holds what it has to hold anyway.
      else if (!(error instanceof ClientClosedError || error instanceof SessionExpiredError))
        logger('warn', 'it will not be heard of when an instance is removed', { path, cause: String(error) });
    });
  };
  look();
}
