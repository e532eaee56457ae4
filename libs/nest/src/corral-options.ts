import type { Client, ClientOptions } from '@corral/client';
import type { SubscriptionOptions, Target } from '@corral/live-config';
import type { RegistryOptions } from '@corral/registry';
import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { ServiceOptions } from './registration/service-options.js';

/** What `CorralModule.forRoot` takes: where the ensemble is and how to connect, or a client that is there already; and what to do with it. */
export type CorralOptions = (ClientOptions | SharedClient) & CorralUses;

/** A client that somebody else made, and closes. For several applications in one process, and for tests. */
export interface SharedClient {
  readonly client: Client;
}

/** What an application does with Corral. All of it is optional. */
export interface CorralUses {
  /** Registers this process once its server listens, and takes it away before the application shuts down. */
  readonly registerService?: ServiceOptions;
  /** The configuration of this process. Absent: `ConfigService` refuses to be read. */
  readonly config?: ConfigOptions;
  /** Where services are, and the guard against mass loss. */
  readonly registry?: RegistryOptions;
}

/** Whose configuration, and how it is followed. */
export interface ConfigOptions extends Target, Omit<SubscriptionOptions, 'target' | 'localCopy' | 'validators'> {
  /** A file that keeps the last valid configuration, so that the service starts while the ensemble is away. Absent: such a start fails. */
  readonly localCopy?: string;
  /** How long the ensemble is waited for at start before the copy is used; 3 s. */
  readonly localCopyAfterMs?: number;
  /** How long the first configuration is waited for; 30 s. */
  readonly readyTimeoutMs?: number;
}

/** What Nest is told about the module. */
export interface CorralModuleExtras {
  /** Whether every module of the application sees what this one provides; true. `forFeature` and `forClients` need it. */
  readonly isGlobal?: boolean;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<CorralOptions>({ moduleName: 'Corral' })
    .setClassMethodName('forRoot')
    .setExtras<CorralModuleExtras>({ isGlobal: true }, (definition, { isGlobal }) => ({
      ...definition,
      global: isGlobal ?? true,
    }))
    .build();
