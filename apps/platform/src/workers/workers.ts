import { type ConfigStore, RolloutController } from '@corral/live-config';
import type { Logger } from 'pino';
import type { PlatformConfig } from '../configuration/load-platform-configuration.js';
import type { Ensemble } from '../ensemble/ensemble.js';
import { libraryLogger } from '../logging/log.js';

/** What the workers work with. */
export interface WorkerParts {
  readonly config: PlatformConfig;
  readonly ensemble: Ensemble;
  readonly store: ConfigStore;
  readonly log: Logger;
}

/** What a platform does without being asked. Platforms share the work among themselves through the ensemble. */
export class Workers {
  readonly #rollouts: RolloutController;

  constructor({ config, ensemble, store, log }: WorkerParts) {
    this.#rollouts = new RolloutController(ensemble.client, store, {
      root: config.configRoot,
      logger: libraryLogger(log, 'rollouts'),
    });
  }

  start(): void {
    this.#rollouts.start();
  }

  /** Hands everything over to the other platforms. */
  async stop(): Promise<void> {
    await this.#rollouts.stop();
  }
}
