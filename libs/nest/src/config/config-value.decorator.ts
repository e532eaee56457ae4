import type { ConfigValue as Value } from '@corral/live-config';
import { Inject } from '@nestjs/common';
import { ConfigUsageError } from './config-errors.js';
import { ConfigService } from './config-service.js';

/** What a property shows while its path has no value. */
export interface ConfigValueOptions {
  readonly default?: Value;
}

/** Where Nest puts the `ConfigService` of an instance. */
const SERVICE = Symbol('corral:config-service');

/**
 * Keeps a property current: reading it reads the path in the present snapshot. Without a value and without a default, reading throws
 * `ConfigValueMissingError`.
 *
 * How: Nest injects the `ConfigService` into a hidden property of every instance right after its constructor. That property has a
 * setter, which gives the instance one accessor for each decorated property. They must be on the instance, because a class field is, and hides
 * what the prototype has. So it works for providers and controllers of every scope, from the end of the constructor on, and
 * not for objects that were not made by Nest.
 */
export function ConfigValue(path: string, options: ConfigValueOptions = {}): PropertyDecorator {
  return (prototype, property) => {
    if (typeof prototype === 'function') {
      throw new ConfigUsageError(`@ConfigValue('${path}') is on a static property of ${prototype.name}`);
    }
    const inherited = (prototype as Decorated)[PROPERTIES] ?? [];
    const properties = Object.hasOwn(prototype, PROPERTIES) ? inherited : [...inherited];
    properties.push({ property, path, options });
    Object.defineProperty(prototype, PROPERTIES, { value: properties, configurable: true });
    if (SERVICE in prototype) return;
    Inject(ConfigService)(prototype, SERVICE);
    Object.defineProperty(prototype, SERVICE, { set: bindProperties, configurable: true });
  };
}

const PROPERTIES = Symbol('corral:config-values');

interface Decorated {
  readonly [PROPERTIES]?: { property: string | symbol; path: string; options: ConfigValueOptions }[];
}

function bindProperties(this: Decorated, service: ConfigService): void {
  for (const { property, path, options } of this[PROPERTIES] ?? []) {
    const get = (): Value | undefined =>
      options.default === undefined ? service.getOrThrow(path) : service.get(path, options.default);
    Object.defineProperty(this, property, { get, enumerable: true, configurable: true });
  }
}
