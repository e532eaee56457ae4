import type { Logger } from '@corral/primitives';
import { InvalidInstanceError } from '../errors.js';
import type { Registry } from '../registry.js';
import type { ServicesUpdate } from '../watch/service-update.js';
import type { ServiceView } from '../watch/service-view.js';

/** Views of all services, as services come and go, for what platforms do for all of them. */
export class AllServices {
  readonly #registry: Registry;
  readonly #logger: Logger;
  readonly #onChange: (view: ServiceView) => void;
  readonly #views = new Map<string, ServiceView>();
  readonly #end = new AbortController();

  /** `onChange` is called with each view that is ready, and again after each of its changes. @throws RegistryClosedError */
  constructor(registry: Registry, logger: Logger, onChange: (view: ServiceView) => void) {
    this.#registry = registry;
    this.#logger = logger;
    this.#onChange = onChange;
    const updates = registry.watchServices({ signal: this.#end.signal });
    this.#follow(updates).catch((error: unknown) => {
      this.#logger('error', 'services are not followed any more', { cause: String(error) });
    });
  }

  /** Those that are ready. */
  get views(): readonly ServiceView[] {
    return [...this.#views.values()].filter(({ isReady }) => isReady);
  }

  close(): void {
    this.#end.abort();
    for (const view of this.#views.values()) view.close();
    this.#views.clear();
  }

  async #follow(updates: AsyncIterable<ServicesUpdate>): Promise<void> {
    for await (const { services } of updates) {
      const wanted = new Set(services);
      for (const service of services) if (!this.#views.has(service)) this.#open(service);
      for (const [service, view] of this.#views) {
        // The container of a service goes with its last instance; those that are guarded are still to be seen to.
        if (wanted.has(service) || view.instances.length > 0) continue;
        this.#views.delete(service);
        view.close();
      }
    }
  }

  /** What others have put below the root may have a name that no service can have. */
  #open(service: string): void {
    let view: ServiceView;
    try {
      view = this.#registry.view(service);
    } catch (error) {
      if (!(error instanceof InvalidInstanceError)) throw error;
      this.#logger('warn', 'a znode cannot be a service, and is left out', { name: service, cause: error.message });
      return;
    }
    this.#views.set(service, view);
    view.onChange(() => {
      this.#onChange(view);
    });
    view.ready({ signal: this.#end.signal }).then(
      () => {
        if (!this.#end.signal.aborted) this.#onChange(view);
      },
      () => undefined,
    );
  }
}
