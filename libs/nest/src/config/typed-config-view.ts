import type { Type } from '@nestjs/common';

/**
 * An object that is, at every moment, what `present` returns: what is injected for a configuration class.
 *
 * A proxy rather than a copy, because all fields must change at once: between two awaits a reader sees one release, never a mix.
 * It cannot be written to. Methods of the class run on the proxy, so a class with `#private` fields keeps them to its getters.
 */
export function typedConfigView<T extends object>(type: Type<T>, present: () => T): T {
  const refuse = (_target: T, property: string | symbol): never => {
    throw new TypeError(
      `${type.name}.${String(property)} comes from the configuration: publish a release to change it`,
    );
  };
  return new Proxy<T>(Object.create(type.prototype as object) as T, {
    get(target, property) {
      // Nest asks every provider for hooks, and a promise for `then`, possibly before there is a configuration.
      if (property === 'then' || property in Object.prototype) return Reflect.get(target, property);
      const instance = present();
      return Reflect.get(instance, property, instance);
    },
    has: (_target, property) => property in present(),
    ownKeys: () => Reflect.ownKeys(present()),
    getOwnPropertyDescriptor(_target, property) {
      const descriptor = Reflect.getOwnPropertyDescriptor(present(), property);
      // The instance is frozen, and what the target of a proxy does not have may not be reported as fixed.
      return descriptor && { ...descriptor, configurable: true };
    },
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
  });
}
