/** The mesh of the demo as the tests use it: processes, and what a customer and an operator see of them. */
import { Client } from '@corral/client';
import { type AcknowledgementReport, ConfigStore, type PublishOptions, type ReleaseResult } from '@corral/live-config';
import { Registry } from '@corral/registry';
import { DemoProcess } from './demo-process.js';
import { until } from '../until.js';

/** What `GET /products` answers. */
export interface ProductsPage {
  readonly products: readonly { readonly sku: string; readonly priceCents: number }[];
  readonly catalog: { readonly servedBy: string };
  readonly pricing: {
    readonly servedBy: string;
    readonly discountPercent: number;
    readonly release: number;
    readonly isStale: boolean;
  };
}

/** Five processes on one ensemble. */
export class DemoMesh {
  readonly #connect: string;
  readonly #processes = new Map<string, DemoProcess>();
  readonly #client: Client;
  readonly registry: Registry;
  readonly #store: ConfigStore;
  #storefrontUrl: string | undefined;

  constructor(clientPort: number) {
    this.#connect = `127.0.0.1:${clientPort}`;
    this.#client = new Client({ connect: this.#connect });
    this.registry = new Registry(this.#client);
    this.#store = new ConfigStore(this.#client, { author: 'operator' });
  }

  /** Starts a service; `name` is what the test calls the process: `pricing` or `pricing 2`. */
  start(name: string): DemoProcess {
    const [service = name] = name.split(' ');
    const environment = { CORRAL_CONNECT: this.#connect, DEMO_PORT: '0' };
    const started = new DemoProcess([service], environment);
    this.#processes.set(name, started);
    return started;
  }

  process(name: string): DemoProcess {
    const found = this.#processes.get(name);
    if (found === undefined) throw new Error(`${name} was not started`);
    return found;
  }

  /** The ports of a service's instances, as the registry knows them. */
  async ports(service: string): Promise<number[]> {
    const instances = await this.registry.instances(service);
    return instances.map(({ port }) => port ?? 0).sort((a, b) => a - b);
  }

  /** Resolves when the registry knows so many instances of a service. */
  async untilRegistered(service: string, count: number): Promise<number[]> {
    return until(
      `${count} instances of ${service}`,
      () => this.ports(service),
      (ports) => ports.length === count,
    );
  }

  /** What a customer gets now. The storefront is found like any other service; that it moved is not expected. */
  async page(path: 'products'): Promise<ProductsPage>;
  async page(path: 'health'): Promise<{ readonly corral: Readonly<Record<string, unknown>> }>;
  async page(path: string): Promise<unknown> {
    this.#storefrontUrl ??= await this.#findStorefront();
    const response = await fetch(`${this.#storefrontUrl}/${path}`, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`GET /${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Releases a discount. */
  async publish(discount: Readonly<Record<string, unknown>>, options: PublishOptions = {}): Promise<ReleaseResult> {
    const changes = [{ name: 'discount', format: 'json', content: JSON.stringify({ discount }) }] as const;
    return this.#store.publish({ scope: { namespace: 'shop', application: 'pricing' }, changes }, options);
  }

  /** Releases a discount and waits for all instances of pricing to say what they make of it. */
  async release(discount: Readonly<Record<string, unknown>>): Promise<AcknowledgementReport> {
    const { acknowledgement } = await this.publish(discount, { wait: { share: 1, timeoutMs: 20_000 } });
    if (acknowledgement === undefined) throw new Error('there is no acknowledgement');
    return acknowledgement;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((one) => one.stop('SIGKILL')));
    await this.registry.close();
    await this.#client.close();
  }

  async #findStorefront(): Promise<string> {
    await this.untilRegistered('storefront', 1);
    const [storefront] = await this.registry.instances('storefront');
    return `http://${storefront?.address}:${storefront?.port}`;
  }
}
