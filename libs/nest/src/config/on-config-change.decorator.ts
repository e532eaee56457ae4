import type { Type } from '@nestjs/common';
import { ConfigUsageError } from './config-errors.js';
import type { TypedConfig } from './typed-config.js';

const METHODS = Symbol('corral:on-config-change');

/** A decorated method. */
export interface ChangeMethod {
  readonly method: string;
  /** A dotted path, or a class declared with `@ConfigClass`. */
  readonly what: string | Type<object> | TypedConfig;
}

/**
 * Calls a method with `(value, previous)` after a release that changed the path, or the class, has been validated and is in force.
 * The release is acknowledged when the method is done; what it throws is named to whoever published. It is not called for the values at start.
 *
 * For singletons: providers and controllers. On a request-scoped or transient class the application does not start, because
 * nobody could say which of its instances to call.
 */
export function OnConfigChange(what: string | Type<object> | TypedConfig): MethodDecorator {
  return (prototype, method) => {
    if (typeof prototype === 'function') {
      throw new ConfigUsageError(`@OnConfigChange is on the static method ${prototype.name}.${String(method)}`);
    }
    const methods = [...changeMethodsOf(prototype.constructor), { method: String(method), what }];
    Reflect.defineMetadata(METHODS, methods, prototype.constructor);
  };
}

/** The decorated methods of a class and of those it extends. */
export function changeMethodsOf(type: object): readonly ChangeMethod[] {
  return (Reflect.getMetadata(METHODS, type) as readonly ChangeMethod[] | undefined) ?? [];
}
