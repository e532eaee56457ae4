import {
  type ConfigSnapshot,
  type ConfigTree,
  type SnapshotHandler,
  type SnapshotSource,
  valueAt,
} from '@corral/live-config';
import type { ConfigSource } from './config-source.js';
import type { TypedConfigs } from './typed-configs.js';

/** A subscription without an ensemble: a test publishes into it, and gets the acknowledgement back. */
export class FakeConfigSource implements ConfigSource {
  isStale = false;
  source: SnapshotSource = 'ensemble';
  readonly #validate: TypedConfigs['validate'] | undefined;
  readonly #handlers = new Set<SnapshotHandler>();
  #current: ConfigSnapshot;

  private constructor(values: ConfigTree, validate: TypedConfigs['validate'] | undefined) {
    this.#current = snapshotOf(1, values);
    this.#validate = validate;
  }

  /** One that has its first release. */
  static async begin(values: ConfigTree, typed?: TypedConfigs): Promise<FakeConfigSource> {
    const source = new FakeConfigSource(values, typed?.validate);
    const refusal = await source.#refusal(source.#current);
    if (refusal !== undefined) throw new Error(refusal);
    return source;
  }

  get current(): ConfigSnapshot {
    return this.#current;
  }

  onChange(handler: SnapshotHandler): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** Publishes; resolves with what the acknowledgement says: `applied`, or the error. */
  async publish(values: ConfigTree): Promise<string> {
    const previous = this.#current;
    const snapshot = snapshotOf(previous.release + 1, values);
    const refusal = await this.#refusal(snapshot);
    if (refusal !== undefined) return refusal;
    this.#current = snapshot;
    try {
      for (const handler of this.#handlers) await handler(snapshot, previous);
      return 'applied';
    } catch (error) {
      return String(error);
    }
  }

  async #refusal(snapshot: ConfigSnapshot): Promise<string | undefined> {
    try {
      await this.#validate?.(snapshot);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

function snapshotOf(release: number, values: ConfigTree): ConfigSnapshot {
  return {
    release,
    defaultsRelease: 0,
    documents: new Map(),
    values,
    source: 'ensemble',
    isCandidate: false,
    get: <T>(path: string) => valueAt(values, path) as T | undefined,
  };
}
