import type { ConfigSnapshot } from '@corral/live-config';
import type { Type } from '@nestjs/common';
import { ConfigInvalidError, type ConfigIssue, ConfigUsageError } from './config-errors.js';
import { declarationOf, type TypedConfig } from './typed-config.js';
import { validateTyped } from './validate-typed.js';

interface Made {
  readonly declared: TypedConfig;
  readonly instance: object;
}

/**
 * The declared classes of an application. A snapshot is validated against all of them before anybody sees it, and the instances made
 * then belong to that snapshot for good: who holds a snapshot sees all classes of the same release.
 */
export class TypedConfigs {
  readonly #declared: readonly TypedConfig[];
  readonly #made = new WeakMap<ConfigSnapshot, readonly Made[]>();

  constructor(declared: readonly TypedConfig[]) {
    this.#declared = declared;
  }

  /** The validator of the subscription: a snapshot that does not fit must not be applied. @throws ConfigInvalidError naming every field */
  readonly validate = async (snapshot: ConfigSnapshot): Promise<void> => {
    const made: Made[] = [];
    const issues: ConfigIssue[] = [];
    for (const declared of this.#declared) {
      const verdict = await validateTyped(declared, snapshot.get(declared.path));
      if ('issues' in verdict) issues.push(...verdict.issues);
      else made.push({ declared, instance: verdict.instance });
    }
    if (issues.length > 0) throw new ConfigInvalidError(issues);
    this.#made.set(snapshot, made);
  };

  /** The frozen instance of one release. @throws ConfigUsageError when the class is not declared in any module */
  of<T extends object>(snapshot: ConfigSnapshot, wanted: Type<T> | TypedConfig<T>): T {
    const { path, type } = declarationOf(wanted);
    const made = this.#made.get(snapshot)?.find(({ declared }) => declared.path === path && declared.type === type);
    if (made !== undefined) return made.instance as T;
    throw new ConfigUsageError(`${type.name} is in no CorralModule.forFeature([${type.name}])`);
  }
}
