/** What watchers are shown over time, whichever way it comes to them. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ConfigSubscription } from '@corral/live-config';
import type { Registry } from '@corral/registry';
import type { GrpcApi } from './grpc-client.js';
import type { Body, HttpApi } from './http-api.js';

const SERVICE = '/v1/registry/services/shop';
const APP = '/v1/config/namespaces/shop/applications/web';

/** One watcher: what it knows now, and what it has been through. */
export class WatchLog {
  readonly name: string;
  /** The instances that it knows. */
  readonly ids = new Set<string>();
  /** The values that it has been shown, in order. */
  readonly values: unknown[] = [];
  /** How few instances it knew at one time, since there were any. */
  fewest = Infinity;
  /** Why it is no longer told anything. */
  end: string | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** A full state or a delta of the registry; a list that is absent or empty changes nothing. */
  takeInstances({ instances, added = [], updated = [], removed = [] }: Body): void {
    if (instances !== undefined) this.ids.clear();
    for (const { id } of [...(instances ?? []), ...added, ...updated] as { id: string }[]) this.ids.add(id);
    for (const id of removed as string[]) this.ids.delete(id);
    if (this.ids.size > 0 || this.fewest < Infinity) this.fewest = Math.min(this.fewest, this.ids.size);
  }

  takeValue(value: unknown): void {
    if (this.values.at(-1) !== value) this.values.push(value);
  }
}

/** Every way to watch the service `shop` and the application `web`. */
export class WatchLogs {
  readonly all: WatchLog[] = [];
  readonly #closers: (() => void)[] = [];
  readonly #aborter = new AbortController();

  /** Programs with the libraries. */
  library(registry: Registry, subscription: ConfigSubscription): void {
    const log = this.#open('libraries');
    this.#run(log, async (signal) => {
      for await (const update of registry.watch('shop', { signal })) log.takeInstances(update);
    });
    this.#run(log, async (signal) => {
      for await (const snapshot of subscription.snapshots({ signal })) log.takeValue(snapshot.get('x'));
    });
  }

  /** Server-sent events of a platform. */
  events(name: string, api: HttpApi): void {
    const log = this.#open(`events of ${name}`);
    const read = (path: string, take: (data: Body) => void): void =>
      this.#run(log, async () => {
        const events = await api.events(path);
        this.#closers.push(() => events.close());
        for (let event = await events.next(); event !== undefined; event = await events.next()) take(event.data);
      });
    read(`${SERVICE}/watch`, (data) => log.takeInstances(data));
    read(`${APP}/watch`, (data) => log.takeValue(data.values.x));
  }

  /** gRPC streams of a platform. */
  grpc(name: string, registry: GrpcApi, config: GrpcApi): void {
    const log = this.#open(`gRPC of ${name}`);
    const read = (api: GrpcApi, request: object, take: (message: Body) => void): void => {
      const stream = api.open('Watch', request);
      this.#closers.push(() => stream.cancel());
      this.#run(log, async () => {
        for (;;) take(await stream.next());
      });
    };
    read(registry, { service: 'shop' }, ({ full, delta }) => log.takeInstances(full ?? delta));
    const target = { namespace: 'shop', application: 'web' };
    read(config, { target }, ({ valuesJson }) => {
      const values: Body = JSON.parse(valuesJson as string);
      log.takeValue(values.x);
    });
  }

  /** Long polls of a platform, one after the other. Every one has to be answered. */
  longPolls(name: string, api: HttpApi): void {
    const log = this.#open(`long polls of ${name}`);
    const poll = (path: string, take: (body: Body) => void): void =>
      this.#run(log, async (signal) => {
        for (let index = ''; !signal.aborted;) {
          const answer = await api.get(index === '' ? path : `${path}?wait=5s&index=${encodeURIComponent(index)}`);
          if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
          index = answer.headers.get('X-Corral-Index') ?? '';
          take(answer.body);
        }
      });
    poll(`${SERVICE}/instances`, (body) => log.takeInstances(body));
    poll(`${APP}/effective`, (body) => log.takeValue(body.values.x));
  }

  /** Ends all watches. What ends before this was not to end. */
  async close(): Promise<void> {
    this.#aborter.abort();
    for (const close of this.#closers) close();
    // Those that wait for an answer get it while the platforms still run.
    await delay(0);
  }

  #open(name: string): WatchLog {
    const log = new WatchLog(name);
    this.all.push(log);
    return log;
  }

  #run(log: WatchLog, watch: (signal: AbortSignal) => Promise<void>): void {
    const { signal } = this.#aborter;
    watch(signal).then(
      () => (log.end ??= 'it has ended'),
      (error: unknown) => (log.end ??= String(error)),
    );
  }
}
