import type { InjectionToken, Type } from '@nestjs/common';
import { ConfigUsageError } from './config-errors.js';

const PATH = Symbol('corral:config-class');

/** A class of class-validator decorators, and the part of the configuration that must fit it. */
export class TypedConfig<T extends object = object> {
  constructor(
    readonly path: string,
    readonly type: Type<T>,
  ) {}
}

/**
 * Declares `type` as the shape of everything at `path`. For classes that cannot carry `@ConfigClass`, or serve several paths.
 * Injected with `@Inject(typedConfigToken(declared))`.
 */
export function typedConfig<T extends object>(path: string, type: Type<T>): TypedConfig<T> {
  return new TypedConfig(path, type);
}

/**
 * Makes a class of class-validator decorators the shape of everything at `path`, the whole configuration when it is empty.
 * Given to `CorralModule.forFeature`, it can be injected, and what is injected stays current.
 */
export function ConfigClass(path: string): ClassDecorator {
  return (target) => Reflect.defineMetadata(PATH, path, target);
}

/** What a declared class is injected by: the class itself, where it carries the path; otherwise a token made of both. */
export function typedConfigToken(declared: Type | TypedConfig): InjectionToken {
  const { path, type } = declarationOf(declared);
  return Reflect.getOwnMetadata(PATH, type) === path ? type : `corral:typed-config ${type.name} ${path}`;
}

/** The declaration behind a class or a `typedConfig`. @throws ConfigUsageError for a class without `@ConfigClass` */
export function declarationOf<T extends object>(declared: Type<T> | TypedConfig<T>): TypedConfig<T> {
  if (declared instanceof TypedConfig) return declared;
  const path: unknown = Reflect.getOwnMetadata(PATH, declared);
  if (typeof path === 'string') return new TypedConfig(path, declared);
  throw new ConfigUsageError(
    `${declared.name} needs @ConfigClass('path'), or to be given as typedConfig('path', ${declared.name})`,
  );
}
