import { type Client, isConnected } from '@corral/client';

/** Waits for the promise, whichever way it ends, and no longer than a server is connected. */
export function whileConnected(client: Client, promise: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.onState((state) => {
      if (!isConnected(state)) done();
    });
    const done = (): void => {
      stop();
      resolve();
    };
    promise.then(done, done);
    if (!isConnected(client.state)) done();
  });
}
