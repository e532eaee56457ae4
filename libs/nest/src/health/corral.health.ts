import { Client, isConnected } from '@corral/client';
import { Injectable } from '@nestjs/common';
import type { HealthIndicatorResult } from '@nestjs/terminus';
import { ConfigService } from '../config/config-service.js';
import { ServiceRegistrar } from '../registration/service-registrar.js';

/** What the indicator tells. */
export interface CorralHealth {
  /** The client's state: `connected`, `suspended`, … */
  readonly connection: string;
  /** Absent when no service is registered by this process. */
  readonly registration?: string;
  /** Absent when no configuration is used. */
  readonly config?: { readonly release: number; readonly isStale: boolean };
}

/**
 * A health indicator for `@nestjs/terminus`: connection, registration, age of the configuration.
 *
 * Trouble is `degraded`, which is still HTTP 200: a service without its ensemble goes on with what it knows, and a fleet that is
 * restarted because the ensemble is away is a second outage. With `{ strict: true }` it is `down`.
 */
@Injectable()
export class CorralHealthIndicator {
  constructor(
    private readonly client: Client,
    private readonly config: ConfigService,
    private readonly registrar: ServiceRegistrar,
  ) {}

  /** For `HealthCheckService.check([() => corral.check()])`. */
  check<const Key extends string = 'corral'>(
    key: Key = 'corral' as Key,
    { strict = false }: { readonly strict?: boolean } = {},
  ): HealthIndicatorResult<Key> {
    const health = this.health();
    const isWell =
      isConnected(this.client.state) &&
      (health.registration === undefined || health.registration === 'registered') &&
      health.config?.isStale !== true;
    const status = isWell ? 'up' : strict ? 'down' : 'degraded';
    const result: HealthIndicatorResult = { [key]: { status, ...health } };
    return result;
  }

  /** The facts, for those who judge themselves. */
  health(): CorralHealth {
    const registration = this.registrar.state;
    return {
      connection: this.client.state,
      ...(registration === 'none' ? {} : { registration }),
      ...(this.config.isUsed ? { config: { release: this.config.release, isStale: this.config.isStale } } : {}),
    };
  }
}
