import type { ConfigSnapshot, SnapshotHandler, SnapshotValidator, SubscriptionClock } from './types.js';

/** How long one validator or handler may take before the release counts as failed with it. */
const CALLBACK_MS_MAX = 30_000;

/** The validators and handlers of a subscription, and how they are called. */
export class Listeners {
  readonly #validators: Set<SnapshotValidator>;
  readonly #handlers = new Set<SnapshotHandler>();
  readonly #clock: SubscriptionClock;

  constructor(validators: readonly SnapshotValidator[], clock: SubscriptionClock) {
    this.#validators = new Set(validators);
    this.#clock = clock;
  }

  addValidator(validator: SnapshotValidator): () => void {
    this.#validators.add(validator);
    return () => this.#validators.delete(validator);
  }

  addHandler(handler: SnapshotHandler): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** Whether anybody is to be asked. */
  get hasValidators(): boolean {
    return this.#validators.size > 0;
  }

  /** What is wrong with a snapshot; nothing when all validators let it pass. */
  async refusal(snapshot: ConfigSnapshot): Promise<string | undefined> {
    for (const validator of this.#validators) {
      const outcome = this.#outcome(() => validator(snapshot));
      const found = isThenable(outcome) ? await outcome : outcome;
      if (typeof found === 'string') return found;
      if (found !== undefined && found.length > 0) {
        return found.map(({ path, message }) => `${path}: ${message}`).join('; ');
      }
    }
    return undefined;
  }

  /** Tells every handler, one after another. One that fails does not keep the others from being told. Returns the errors. */
  async tell(snapshot: ConfigSnapshot, previous: ConfigSnapshot | undefined): Promise<string | undefined> {
    const errors: string[] = [];
    for (const handler of [...this.#handlers]) {
      const outcome = this.#outcome(() => handler(snapshot, previous));
      const error = isThenable(outcome) ? await outcome : outcome;
      if (typeof error === 'string') errors.push(error);
    }
    return errors.length === 0 ? undefined : errors.join('; ');
  }

  /** What a callback returns, or its error as text. Only one that takes time is timed, and waited for. */
  #outcome<T>(callback: () => T | Promise<T>): T | string | Promise<T | string> {
    try {
      const returned = callback();
      return isThenable(returned) ? this.#inTime(Promise.resolve(returned)).catch(errorText) : returned;
    } catch (error) {
      return errorText(error);
    }
  }

  async #inTime<T>(returned: Promise<T>): Promise<T | string> {
    let cancel: (() => void) | undefined;
    const late = new Promise<string>((resolve) => {
      cancel = this.#clock.after(CALLBACK_MS_MAX, () => resolve(`did not finish within ${CALLBACK_MS_MAX} ms`));
    });
    try {
      return await Promise.race([returned, late]);
    } finally {
      cancel?.();
    }
  }
}

const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether a callback takes time. Not every promise is this program's own `Promise`. */
function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
