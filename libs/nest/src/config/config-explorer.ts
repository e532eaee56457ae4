import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ConfigUsageError } from './config-errors.js';
import { ConfigService } from './config-service.js';
import { type ChangeMethod, changeMethodsOf } from './on-config-change.decorator.js';
import { TypedConfig } from './typed-config.js';

type Method = (value: unknown, previous: unknown) => unknown;

/** Finds the methods with `@OnConfigChange` in every provider and controller of the application, once all of them exist. */
@Injectable()
export class ConfigExplorer implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly config: ConfigService,
  ) {}

  onModuleInit(): void {
    const seen = new Set<object>();
    for (const wrapper of [...this.discovery.getProviders(), ...this.discovery.getControllers()]) {
      const instance: unknown = wrapper.instance;
      if (typeof instance !== 'object' || instance === null || seen.has(instance)) continue;
      seen.add(instance);
      const type = Reflect.getPrototypeOf(instance)?.constructor;
      const methods = type === undefined ? [] : changeMethodsOf(type);
      if (type === undefined || methods.length === 0) continue;
      if (wrapper.isTransient || !wrapper.isDependencyTreeStatic()) {
        throw new ConfigUsageError(
          `@OnConfigChange in ${type.name}: a request-scoped or transient class has no one instance to call; ` +
            'move the method to a singleton, or use ConfigService.observe()',
        );
      }
      for (const method of methods) this.#add(instance as Record<string, Method>, type.name, method);
    }
  }

  #add(instance: Record<string, Method>, typeName: string, { method, what }: ChangeMethod): void {
    this.config.handlers.add({
      name: `${typeName}.${method}`,
      read: (snapshot) => (typeof what === 'string' ? snapshot.get(what) : this.config.typed(what, snapshot)),
      call: (value, previous) => instance[method]?.(value, previous),
    });
  }
}

/** The classes that any module of the application declares: known before the first instance is made. */
export function declaredConfigs(discovery: DiscoveryService): TypedConfig[] {
  return discovery
    .getProviders()
    .map(({ instance }): unknown => instance)
    .filter((instance): instance is TypedConfig => instance instanceof TypedConfig);
}
