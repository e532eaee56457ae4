import { Client, type ConnectionState, isConnected } from '@corral/client';
import type { Logger } from '@corral/primitives';

/** How long a caller waits for the ensemble before he is told that it is away. */
const ANSWER_MS_MAX = 5_000;

/** The connection to the ensemble, that everything in this platform shares. */
export class Ensemble {
  readonly client: Client;

  constructor(client: Client, log: Logger) {
    this.client = client;
    client.onState((state) => log(isConnected(state) ? 'info' : 'warn', `connection to the ensemble: ${state}`));
  }

  /** Begins to connect; it may take until the ensemble is there. */
  static open(options: { connect: string; sessionTimeoutMs: number; logger: Logger }): Ensemble {
    return new Ensemble(new Client(options), options.logger);
  }

  get state(): ConnectionState {
    return this.client.state;
  }

  get isConnected(): boolean {
    return isConnected(this.client.state);
  }

  /** A signal for one answer: whoever waits longer is told that the ensemble is away. */
  deadline(ms = ANSWER_MS_MAX): AbortSignal {
    return AbortSignal.timeout(ms);
  }

  /** Waits for work that takes no signal; whoever waits longer than the deadline is told that the ensemble is away. */
  within<T>(work: Promise<T>, ms = ANSWER_MS_MAX): Promise<T> {
    const signal = this.deadline(ms);
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      work.then(resolve, reject);
    });
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
