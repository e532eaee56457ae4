import type { Registry } from '../registry.js';
import type { ServiceView } from '../watch/service-view.js';

/** Views of all services, as services come and go, for what platforms do for all of them. */
export class AllServices {
  readonly #registry: Registry;
  readonly #onChange: (view: ServiceView) => void;
  readonly #views = new Map<string, ServiceView>();
  readonly #end = new AbortController();

  /** `onChange` is called with each view that is ready, and again after each of its changes. */
  constructor(registry: Registry, onChange: (view: ServiceView) => void) {
    this.#registry = registry;
    this.#onChange = onChange;
    void this.#follow();
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

  async #follow(): Promise<void> {
    for await (const { services } of this.#registry.watchServices({ signal: this.#end.signal })) {
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

  #open(service: string): void {
    const view = this.#registry.view(service);
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
