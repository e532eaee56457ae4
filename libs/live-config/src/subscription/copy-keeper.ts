import type { Logger } from '@corral/primitives';
import type { KeyRing } from '../encryption/key-ring.js';
import type { Target } from '../names.js';
import { decodeCopy, encodeCopy, type LocalCopy } from './local-copy.js';
import type { SubscriberState } from './snapshot.js';
import type { LocalCopyOptions } from './types.js';

/** What a `CopyKeeper` works with. */
export interface CopyKeeperInputs {
  readonly options: LocalCopyOptions;
  readonly target: Required<Target>;
  readonly keys: KeyRing | undefined;
  readonly logger: Logger;
}

/** Saves the last valid state and reads it back. Trouble with the copy is logged and is never trouble of the subscription. */
export class CopyKeeper {
  readonly #in: CopyKeeperInputs;

  constructor(inputs: CopyKeeperInputs) {
    this.#in = inputs;
  }

  async load(): Promise<LocalCopy | undefined> {
    const { options, target, keys, logger } = this.#in;
    try {
      const bytes = await options.store.read();
      return bytes === undefined ? undefined : decodeCopy(bytes, target, keys, options.store.name);
    } catch (error) {
      logger('warn', 'the local copy of the configuration cannot be used', {
        copy: options.store.name,
        error: String(error),
      });
      return undefined;
    }
  }

  async save(state: SubscriberState, savedAtMs: number): Promise<void> {
    const { options, target, keys, logger } = this.#in;
    try {
      const bytes = encodeCopy({ state, savedAtMs }, target, options.encrypt === true ? keys : undefined);
      await options.store.write(bytes);
    } catch (error) {
      logger('warn', 'the local copy of the configuration was not saved', {
        copy: options.store.name,
        error: String(error),
      });
    }
  }
}
