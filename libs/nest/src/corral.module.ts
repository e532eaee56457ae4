import { Client } from '@corral/client';
import { type PoolOptions, Registry, type Strategy } from '@corral/registry';
import {
  type DynamicModule,
  Inject,
  type InjectionToken,
  Module,
  type OnApplicationShutdown,
  type Provider,
  type Type,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ServiceClient, type ServiceClientSettings } from './clients/service-client.js';
import { ConfigExplorer } from './config/config-explorer.js';
import { ConfigService } from './config/config-service.js';
import { declarationOf, type TypedConfig, typedConfigToken } from './config/typed-config.js';
import { typedConfigView } from './config/typed-config-view.js';
import { ConfigurableModuleClass, type CorralOptions, MODULE_OPTIONS_TOKEN } from './corral-options.js';
import { providers } from './corral.providers.js';
import { CorralHealthIndicator } from './health/corral.health.js';
import { ServiceRegistrar } from './registration/service-registrar.js';

/** One client of `forClients`: of which service, by which strategy, and how its messages travel. */
export interface ServiceClientOptions extends ServiceClientSettings, Omit<PoolOptions, 'strategy'> {
  /** How the pool chooses; `round-robin`. */
  readonly strategy?: Strategy;
  /** What it is injected by. */
  readonly provide: InjectionToken;
  /** The name of the service in the registry. */
  readonly service: string;
}

/**
 * Corral in a Nest application.
 *
 * Start: the client connects, the configuration is there before any provider that needs it is made, and the service is registered when its
 * server listens. Stop: it is drained and leaves (`beforeApplicationShutdown`), the server closes, then configuration, registry and
 * client close (`onApplicationShutdown`). Nest stops on signals only after `app.enableShutdownHooks()`.
 */
@Module({
  imports: [DiscoveryModule],
  providers: [...providers, ConfigExplorer, CorralHealthIndicator],
  exports: [Client, Registry, ConfigService, ServiceRegistrar, CorralHealthIndicator],
})
export class CorralModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(
    @Inject(Client) private readonly client: Client,
    @Inject(Registry) private readonly registry: Registry,
    @Inject(ConfigService) private readonly config: ConfigService,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: CorralOptions,
  ) {
    super();
  }

  /** Configuration classes that can be injected, validated against every release before it is applied. */
  static forFeature(declared: readonly (Type | TypedConfig)[]): DynamicModule {
    const features = declared.map((one) => declarationOf(one)).map(typedConfigProviders);
    return {
      module: CorralFeatureModule,
      providers: features.flatMap(({ providers }) => providers),
      exports: features.map(({ token }) => token),
    };
  }

  /** Clients of other services, for `@nestjs/microservices`: each is a `ClientProxy`, injected by its token. */
  static forClients(clients: readonly ServiceClientOptions[]): DynamicModule {
    return {
      module: CorralFeatureModule,
      providers: clients.map(({ provide, service, ...options }) => ({
        provide,
        inject: [Registry],
        useFactory: (registry: Registry) =>
          new ServiceClient(service, registry.pool(service, { strategy: 'round-robin', ...options }), options),
      })),
      exports: clients.map(({ provide }) => provide),
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.config.close();
    await this.registry.close();
    // Closing ends the session at once, and everything of this process that hangs on it.
    if (!('client' in this.options)) await this.client.close();
  }
}

/** Holds what `forFeature` and `forClients` add. */
@Module({})
class CorralFeatureModule {}

function typedConfigProviders(declared: TypedConfig): { token: InjectionToken; providers: Provider[] } {
  const token = typedConfigToken(declared);
  const providers: Provider[] = [
    // Found by `declaredConfigs` before anything is made, so that already the first release is validated.
    { provide: Symbol(`corral:declared ${declared.path}`), useValue: declared },
    {
      provide: token,
      inject: [ConfigService],
      useFactory: (config: ConfigService) => typedConfigView(declared.type, () => config.typed(declared)),
    },
  ];
  return { token, providers };
}
