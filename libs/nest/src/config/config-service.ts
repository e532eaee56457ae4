import { isDeepStrictEqual } from 'node:util';
import type { ConfigSnapshot, ConfigValue } from '@corral/live-config';
import type { Type } from '@nestjs/common';
import { Subject } from 'rxjs';
import { ChangeHandlers } from './change-handlers.js';
import { ConfigUsageError, ConfigValueMissingError } from './config-errors.js';
import type { ConfigSource } from './config-source.js';
import { ConfigStream } from './config-stream.js';
import type { TypedConfig } from './typed-config.js';
import type { TypedConfigs } from './typed-configs.js';

/**
 * The configuration of this service, as it is now. Every read is a look-up in the present snapshot: no I/O, no waiting, and within
 * one turn of the event loop always one release. Injectable wherever `CorralModule` was given a `config`.
 */
export class ConfigService {
  /** The methods that `@OnConfigChange` marks; filled by the module at start. */
  readonly handlers = new ChangeHandlers();
  readonly #given: ConfigSource | undefined;
  readonly #typed: TypedConfigs;
  readonly #changes = new Subject<ConfigSnapshot>();
  readonly #forget: (() => void) | undefined;

  /** Without a source, in an application that has no configuration, there is nothing to read. */
  constructor(source: ConfigSource | undefined, typed: TypedConfigs) {
    this.#given = source;
    this.#typed = typed;
    this.#forget = source?.onChange(async (snapshot, previous) => {
      this.#changes.next(snapshot);
      // The first snapshot is where the service begins, not a change.
      if (previous !== undefined) await this.handlers.run(snapshot, previous);
    });
  }

  /** The value at a dotted path such as `pricing.discountPercent`, or the default when there is none. */
  get<T extends ConfigValue = ConfigValue>(path: string): T | undefined;
  get<T extends ConfigValue = ConfigValue>(path: string, fallback: T): T;
  get<T extends ConfigValue>(path: string, fallback?: T): T | undefined {
    return this.#source.current.get<T>(path) ?? fallback;
  }

  /** The value at a dotted path. @throws ConfigValueMissingError */
  getOrThrow<T extends ConfigValue = ConfigValue>(path: string): T {
    const value = this.#source.current.get<T>(path);
    if (value === undefined) throw new ConfigValueMissingError(path, this.release);
    return value;
  }

  /** The present value and every later one that differs, as an Observable and an async iterable. Ends at shutdown or when `signal` aborts. */
  observe<T extends ConfigValue = ConfigValue>(
    path: string,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): ConfigStream<T | undefined> {
    return new ConfigStream((subscriber) => {
      if (signal?.aborted) return subscriber.complete();
      let shown = this.#source.current.get<T>(path);
      subscriber.next(shown);
      const subscription = this.#changes.subscribe({
        next: (snapshot) => {
          const value = snapshot.get<T>(path);
          if (isDeepStrictEqual(value, shown)) return;
          shown = value;
          subscriber.next(value);
        },
        complete: () => subscriber.complete(),
      });
      const stop = (): void => subscriber.complete();
      signal?.addEventListener('abort', stop);
      return () => {
        signal?.removeEventListener('abort', stop);
        subscription.unsubscribe();
      };
    });
  }

  /** The validated instance of a class, frozen: it stays at its release, for work that spans several awaits. */
  typed<T extends object>(declared: Type<T> | TypedConfig<T>, snapshot: ConfigSnapshot = this.snapshot): T {
    return this.#typed.of(snapshot, declared);
  }

  /** Everything of the present release. Never changes; a new release is a new snapshot. */
  get snapshot(): ConfigSnapshot {
    return this.#source.current;
  }

  /** The number of the present release; 0 before the first. */
  get release(): number {
    return this.#source.current.release;
  }

  /** Whether the ensemble is away, so that what is read here may be behind. */
  get isStale(): boolean {
    return this.#source.isStale;
  }

  /** Whether the application has a configuration; without one, every read throws. */
  get isUsed(): boolean {
    return this.#given !== undefined;
  }

  /** Ends every stream, and the subscription behind them. What was read last can still be read. */
  async close(): Promise<void> {
    this.#forget?.();
    this.#changes.complete();
    await this.#given?.close?.();
  }

  get #source(): ConfigSource {
    if (this.#given !== undefined) return this.#given;
    throw new ConfigUsageError(
      'this application has no configuration: CorralModule.forRoot({ config: { namespace, application } }) gives it one',
    );
  }
}
