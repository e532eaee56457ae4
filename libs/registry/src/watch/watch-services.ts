import { type Client, isConnected, Mailbox } from '@corral/client';
import { eitherSignal } from '../either-signal.js';
import type { CallOptions } from '../types.js';
import type { ServicesUpdate } from './service-update.js';

/** The names of the znodes below the root, whenever they change or become stale or current again. `closed`: the registry is. */
export function watchServices(
  client: Client,
  root: string,
  call: CallOptions,
  closed: AbortSignal,
): Mailbox<ServicesUpdate> {
  const left = new AbortController();
  const wanted = eitherSignal(closed, call.signal);
  const { signal, release } = eitherSignal(left.signal, wanted.signal);
  let services: readonly string[] | undefined;
  let told = false;
  const tell = (): void => {
    const stale = !isConnected(client.state);
    if (services === undefined || mailbox.isEnded) return;
    told = stale;
    mailbox.put({ services, stale });
  };
  const stopListening = client.onState((state) => {
    if (state !== 'closed' && isConnected(state) === told) tell();
  });
  const mailbox = new Mailbox<ServicesUpdate>({
    itemsMax: 16,
    collapse: (unread) => unread.slice(-1),
    onEnd: () => {
      stopListening();
      left.abort();
      release();
      wanted.release();
    },
  });
  const follow = async (): Promise<void> => {
    for await (const list of client.watchChildren(root, { signal })) {
      const names = list?.children ?? [];
      // The root came into being, say: only names are news.
      if (services?.join('/') === names.join('/')) continue;
      services = names;
      tell();
    }
  };
  follow().then(
    () => {
      mailbox.end();
    },
    (error: unknown) => {
      mailbox.end(signal.aborted || !(error instanceof Error) ? undefined : error);
    },
  );
  return mailbox;
}
