import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigFeeds } from './config/config-feeds.js';
import { ConfigHttpModule } from './config/config.module.js';
import { ConfigService } from './config/config-service.js';
import { SpringService } from './config/spring-service.js';
import { Ensemble } from './ensemble/ensemble.js';
import { GrpcModule } from './grpc/grpc.module.js';
import { HealthController } from './health/health.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { PlatformMetrics } from './metrics/platform-metrics.js';
import { RootController } from './openapi/root.controller.js';
import { PLATFORM_PARTS } from './platform-parts.token.js';
import type { PlatformParts } from './platform-parts.js';
import { RegistryFeeds } from './registry/registry-feeds.js';
import { RegistryHttpModule } from './registry/registry.module.js';
import { RegistryService } from './registry/registry-service.js';
import { Authenticator } from './security/authenticator.js';
import { OpenStreams } from './streams/open-streams.js';

/** The platform's edge around plain parts that come from outside. */
@Module({})
export class PlatformModule {
  static around(parts: PlatformParts): DynamicModule {
    return {
      module: PlatformModule,
      imports: [PlatformModule.partsModule(parts), ConfigHttpModule, RegistryHttpModule, GrpcModule],
      controllers: [RootController, HealthController, MetricsController],
    };
  }

  /** The parts under the names by which controllers ask for them. */
  private static partsModule(parts: PlatformParts): DynamicModule {
    const providers = [
      { provide: PLATFORM_PARTS, useValue: parts },
      { provide: Authenticator, useValue: parts.authenticator },
      { provide: PlatformMetrics, useValue: parts.metrics },
      { provide: OpenStreams, useValue: parts.streams },
      { provide: Ensemble, useValue: parts.ensemble },
      { provide: ConfigService, useValue: parts.configService },
      { provide: SpringService, useValue: parts.springService },
      { provide: ConfigFeeds, useValue: parts.configFeeds },
      { provide: RegistryService, useValue: parts.registryService },
      { provide: RegistryFeeds, useValue: parts.registryFeeds },
    ];
    return { module: PartsModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}

@Module({})
class PartsModule {}
