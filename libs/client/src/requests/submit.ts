import { abortReason } from '../errors/abort-reason.js';
import type { SessionDriver } from '../session/session-driver.js';
import { Request, type RequestParts } from './request.js';

/** Sends a request when its turn comes, which may be after a reconnect, and gives its answer. */
export function submit<Result>(driver: SessionDriver, parts: RequestParts, signal?: AbortSignal): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    const { arming, operation } = parts;
    const refusal = driver.refusal(operation.name) ?? (arming && driver.watches.refusal(parts.path ?? arming.path));
    if (refusal !== undefined) {
      reject(refusal);
    } else if (signal?.aborted === true) {
      reject(abortReason(signal));
    } else {
      const request = new Request(parts, resolve, reject);
      if (signal !== undefined) request.abandonOn(signal);
      arming?.onEntered?.(request);
      driver.enter(request);
    }
  });
}
