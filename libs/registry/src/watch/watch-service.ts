import { Mailbox } from '@corral/client';
import { eitherSignal } from '../either-signal.js';
import type { WatchOptions } from '../types.js';
import type { Change } from './history.js';
import type { ServiceUpdate } from './service-update.js';
import type { ServiceView } from './service-view.js';

/** Updates that a slow reader may leave unread; beyond, it gets one full update instead. */
const UNREAD_UPDATES_MAX = 1000;

/** The updates of a view, which is closed when nobody reads them any more. `closed`: the registry is. */
export function watchService(
  view: ServiceView,
  { since, signal: wanted }: WatchOptions,
  closed: AbortSignal,
): Mailbox<ServiceUpdate> {
  const { signal, release } = eitherSignal(closed, wanted);
  let stop = (): void => undefined;
  const end = (): void => {
    mailbox.end();
  };
  const mailbox = new Mailbox<ServiceUpdate>({
    itemsMax: UNREAD_UPDATES_MAX,
    collapse: () => [view.full()],
    onEnd: () => {
      signal.removeEventListener('abort', end);
      release();
      stop();
      view.close();
    },
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  view.ready({ signal }).then(
    () => {
      if (mailbox.isEnded) return;
      const missed = since === undefined ? undefined : view.since(since);
      mailbox.put(missed === undefined ? view.full() : deltaOf(view, missed));
      stop = view.onChange((change) => {
        mailbox.put(deltaOf(view, change));
      });
    },
    (error: unknown) => {
      mailbox.end(signal.aborted || !(error instanceof Error) ? undefined : error);
    },
  );
  return mailbox;
}

function deltaOf(view: ServiceView, change: Change): ServiceUpdate {
  const { service, revision, guarded, isStale: stale } = view;
  return { kind: 'delta', service, revision, ...change, guarded, stale };
}
