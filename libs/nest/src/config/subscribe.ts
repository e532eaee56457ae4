import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Client } from '@corral/client';
import { ConfigSubscription, FileCopy, type LocalCopyOptions, systemClock } from '@corral/live-config';
import type { Logger } from '@corral/primitives';
import type { ConfigOptions } from '../corral-options.js';
import { ConfigNotReadyError } from './config-errors.js';
import type { TypedConfigs } from './typed-configs.js';

const READY_TIMEOUT_MS_DEFAULT = 30_000;
const HOST_LENGTH_MAX = 64;

/**
 * Follows the configuration, and resolves when there is one that all classes accept: from the ensemble, or from the local copy
 * while that is away or holds what is refused.
 * @throws ConfigNotReadyError when there is none in time; ConfigInvalidError at once when the ensemble's is refused and no copy is kept
 */
export async function subscribe(
  client: Client,
  {
    namespace,
    application,
    profiles,
    localCopy,
    localCopyAfterMs,
    readyTimeoutMs,
    clock = systemClock,
    ...options
  }: ConfigOptions,
  typed: TypedConfigs,
  log: Logger,
): Promise<ConfigSubscription> {
  const timeoutMs = readyTimeoutMs ?? READY_TIMEOUT_MS_DEFAULT;
  const giveUp = new AbortController();
  const subscription = new ConfigSubscription(client, {
    logger: log,
    instanceId: readableId(),
    ...options,
    clock,
    target: { namespace, application, ...(profiles === undefined ? {} : { profiles }) },
    validators: [
      (snapshot) =>
        typed.validate(snapshot).catch((refusal: unknown) => {
          if (localCopy === undefined) giveUp.abort(refusal);
          throw refusal;
        }),
    ],
    ...(localCopy === undefined ? {} : { localCopy: copyOptions(localCopy, localCopyAfterMs) }),
  });
  const cancel = clock.after(timeoutMs, () => {
    giveUp.abort(new ConfigNotReadyError(timeoutMs, client.state, subscription.lastFailure?.error));
  });
  try {
    const { release, source } = await subscription.ready({ signal: giveUp.signal });
    if (source === 'local-copy')
      log('warn', 'starting with the local copy of the configuration', { release, connection: client.state });
    return subscription;
  } catch (error) {
    await subscription.close();
    throw error;
  } finally {
    cancel();
  }
}

/** Where a refusal came from is told to people, so a subscriber is called by what they can look for. Chance tells two lives of one process id apart. */
function readableId(): string {
  const host = hostname()
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .slice(0, HOST_LENGTH_MAX);
  return `${process.pid}-${host}-${randomBytes(2).toString('hex')}`;
}

function copyOptions(file: string, afterMs: number | undefined): LocalCopyOptions {
  return { store: new FileCopy(file), ...(afterMs === undefined ? {} : { afterMs }) };
}
