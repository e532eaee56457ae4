import { type ConfigStore, RolloutController, SpringMirror } from '@corral/live-config';
import { HealthChecker, type LeaseKeeper, MassLossProber } from '@corral/registry';
import type { Logger } from 'pino';
import type { PlatformConfig } from '../configuration/load-platform-configuration.js';
import type { Ensemble } from '../ensemble/ensemble.js';
import { libraryLogger } from '../logging/log.js';
import type { RegistryService } from '../registry/registry-service.js';
import { makeGates } from './gates.js';
import { grpcProbe } from './grpc-probe.js';

/** What the workers work with. */
export interface WorkerParts {
  readonly config: PlatformConfig;
  readonly ensemble: Ensemble;
  readonly store: ConfigStore;
  readonly registryService: RegistryService;
  readonly log: Logger;
}

/** How long a hand-over may take. */
const STOP_MS_MAX = 2_000;

/** What a platform does without being asked. Platforms share the work among themselves through the ensemble. */
export class Workers {
  readonly #rollouts: RolloutController;
  readonly #leases: LeaseKeeper;
  readonly #checks: HealthChecker;
  readonly #guard: MassLossProber;
  readonly #spring: SpringMirror | undefined;
  readonly #ensemble: Ensemble;
  readonly #log: Logger;

  constructor({ config, ensemble, store, registryService, log }: WorkerParts) {
    const { registry, leases } = registryService;
    const gates = makeGates(config.gates, {
      store,
      instances: (service, signal) => registry.instances(service, { signal }),
    });
    this.#log = log;
    this.#ensemble = ensemble;
    this.#leases = leases;
    this.#rollouts = new RolloutController(ensemble.client, store, {
      gates,
      root: config.configRoot,
      logger: libraryLogger(log, 'rollouts'),
    });
    const probing = { probes: { grpc: grpcProbe }, logger: libraryLogger(log, 'checks') };
    this.#checks = new HealthChecker(ensemble.client, registry, {
      ...probing,
      intervalMs: config.checksIntervalMs,
      timeoutMs: config.checksTimeoutMs,
    });
    this.#guard = new MassLossProber(ensemble.client, registry, {
      ...probing,
      intervalMs: config.guardIntervalMs,
      timeoutMs: config.guardTimeoutMs,
      failures: config.guardFailures,
    });
    this.#spring = makeSpringMirror({ config, ensemble, store, log });
  }

  /** Begins; what needs the ensemble waits for it. */
  start(): void {
    this.#rollouts.start();
    this.#spring?.start();
    for (const worker of [this.#leases, this.#checks, this.#guard]) {
      // Stopped before the ensemble was ever there, a start fails, and nothing is lost.
      Promise.resolve(worker.start()).catch((err: unknown) => this.#log.warn({ err }, 'a worker did not start'));
    }
  }

  /** Hands everything over to the other platforms. */
  async stop(): Promise<void> {
    const workers = [
      this.#rollouts,
      this.#leases,
      this.#checks,
      this.#guard,
      ...(this.#spring === undefined ? [] : [this.#spring]),
    ];
    // Without the ensemble nothing can be handed over; what stands there goes with the session.
    const stops = workers.map(async (worker) => this.#ensemble.within(Promise.resolve(worker.stop()), STOP_MS_MAX));
    for (const stopped of await Promise.allSettled(stops)) {
      if (stopped.status === 'rejected')
        this.#log.warn({ err: stopped.reason as Error }, 'a worker did not stop properly');
    }
  }
}

function makeSpringMirror({
  config: { springNamespace, springRoot, springDecrypt, configRoot },
  ensemble,
  store,
  log,
}: Pick<WorkerParts, 'config' | 'ensemble' | 'store' | 'log'>): SpringMirror | undefined {
  if (springNamespace === undefined) return undefined;
  return new SpringMirror(ensemble.client, store, {
    namespace: springNamespace,
    root: springRoot,
    configRoot,
    decrypt: springDecrypt,
    logger: libraryLogger(log, 'spring'),
  });
}
