/** What becomes of one request whose fate is not known beforehand. */
import { ConnectionLostError, type RawClient } from '../client/raw-client.js';
import { ErrorCode, type Request } from '../client/requests.js';
import { within } from '../support/eventually.js';

/** Executed, refused with an error, cut off with its connection, or left without an answer. */
export type Fate = 'acknowledged' | 'refused' | 'lost' | 'silent';

/** Sends a request and waits for its fate. */
export async function fateOf(client: RawClient, request: Request, timeoutMs = 3_000): Promise<Fate> {
  const answered: Promise<Fate> = client.request(request).then(
    (reply) => (reply.error === ErrorCode.ok ? 'acknowledged' : 'refused'),
    (error: unknown) => {
      if (error instanceof ConnectionLostError) return 'lost';
      throw error;
    },
  );
  return (await within(answered, timeoutMs)) ?? 'silent';
}
