/** Watches of those who acknowledge: the platform keeps them known as subscribers meanwhile. */
import type { Acknowledgement, HostedSubscribers, Hosting } from '@corral/live-config';
import { invalidField } from '../errors/problem.js';
import type { FeedTarget } from './config-feeds.js';

/** How long somebody stays known after a poll: enough to apply what came, and to poll again. */
export const POLLER_LINGER_MS = 30_000;

/** Makes the caller known as a subscriber. `field` is how he names himself. @throws ProblemError when he does not */
export function hostWatcher(
  hosted: HostedSubscribers,
  { instanceId, labels, ...target }: FeedTarget,
  field: string,
): Promise<Hosting> {
  if (instanceId === undefined) throw invalidField(field, 'is missing: whoever acknowledges must say who he is');
  return hosted.host(target, { instanceId, labels });
}

/** From where a watcher goes on. What he has seen and not acknowledged, he is sent again. */
export function resumeFrom({ known }: Hosting, lastSeen: string | undefined): string | undefined {
  return lastSeen === `${known.release}.${known.defaultsRelease}` ? lastSeen : undefined;
}

/** What somebody says of a revision: the release of the application, and that of its namespace's defaults. */
export function acknowledgementOf(revision: string, error: string | undefined): Acknowledgement {
  const [release = 0, defaultsRelease = 0] = revision.split('.').map(Number);
  return { release, defaultsRelease, error };
}
