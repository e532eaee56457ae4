/** How the parts of the module are made out of its options. */
import { Client, type HostAddress, parseConnectString, systemTimers } from '@corral/client';
import { Registry } from '@corral/registry';
import { Logger as NestLogger, type Provider } from '@nestjs/common';
import { DiscoveryService, HttpAdapterHost } from '@nestjs/core';
import { declaredConfigs } from './config/config-explorer.js';
import { ConfigService } from './config/config-service.js';
import { subscribe } from './config/subscribe.js';
import { TypedConfigs } from './config/typed-configs.js';
import { type CorralOptions, MODULE_OPTIONS_TOKEN } from './corral-options.js';
import { loggerInto } from './nest-logging.js';
import { addressTowards } from './registration/route-address.js';
import { ServiceRegistrar } from './registration/service-registrar.js';

const log = loggerInto(new NestLogger('Corral'));

/** The providers behind `CorralModule.forRoot`. */
export const providers: Provider[] = [
  { provide: Client, inject: [MODULE_OPTIONS_TOKEN], useFactory: clientOf },
  {
    provide: Registry,
    inject: [Client, MODULE_OPTIONS_TOKEN],
    useFactory: (client: Client, { registry }: CorralOptions) => new Registry(client, { logger: log, ...registry }),
  },
  {
    provide: ConfigService,
    inject: [Client, MODULE_OPTIONS_TOKEN, DiscoveryService],
    useFactory: async (client: Client, { config }: CorralOptions, discovery: DiscoveryService) => {
      const typed = new TypedConfigs(declaredConfigs(discovery));
      return new ConfigService(config && (await subscribe(client, config, typed, log)), typed);
    },
  },
  {
    provide: ServiceRegistrar,
    inject: [Registry, MODULE_OPTIONS_TOKEN, { token: HttpAdapterHost, optional: true }],
    useFactory: (registry: Registry, options: CorralOptions, http: HttpAdapterHost | undefined) =>
      new ServiceRegistrar(options.registerService, {
        registry,
        http,
        addressTowardsEnsemble: () => addressTowards(hostsOf(options)),
        timers: systemTimers,
        log,
      }),
  },
];

/** It connects by itself, for as long as it takes: an application that has all it needs starts without the ensemble. */
function clientOf(options: CorralOptions): Client {
  if ('client' in options) return options.client;
  const { registerService: _service, config: _config, registry: _registry, ...connection } = options;
  return new Client({ logger: log, ...connection });
}

function hostsOf(options: CorralOptions): readonly HostAddress[] {
  return 'client' in options ? [] : parseConnectString(options.connect).hosts;
}
