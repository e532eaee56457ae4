import { type ConfigClient, withSignal } from '../ensemble/client-port.js';
import { childrenOf } from '../ensemble/parents.js';
import type { ScopeReader } from '../ensemble/scope-reader.js';
import { decodeAck } from '../layout/ack.js';
import { isApplicationNode } from '../layout/paths.js';
import { releaseFor } from '../layout/pointer.js';
import type { Scope } from '../names.js';
import { answerOf, reportOf } from './acknowledgement.js';
import type { AcknowledgementReport, PublishWait, SubscriberInfo, WallClock } from './types.js';

/** Reads in one request. */
const READS_MAX = 256;
/** Between two looks: most answer within some tenths of a second. */
const POLL_MS_MIN = 100;
const POLL_MS_MAX = 500;

/**
 * Knows the live subscribers and what they run with. Each keeps one ephemeral up to date; who wants to know asks, and asks again only
 * those that have not answered, so a thousand of them cost a handful of requests and no watch.
 */
export class Subscribers {
  readonly #client: ConfigClient;
  readonly #reader: ScopeReader;
  readonly #clock: WallClock;

  constructor(client: ConfigClient, reader: ScopeReader, clock: WallClock) {
    this.#client = client;
    this.#reader = reader;
    this.#clock = clock;
  }

  /** The live subscribers of an application; of all applications of the namespace, when the scope is its defaults. */
  async list(scope: Scope, signal?: AbortSignal): Promise<SubscriberInfo[]> {
    return this.#read(await this.#names(scope, signal), signal);
  }

  /** Who of those that are meant to see a release has applied it. */
  async report(scope: Scope, release: number, share: number, signal?: AbortSignal): Promise<AcknowledgementReport> {
    const meant = await this.#meant(scope, release, await this.list(scope, signal), signal);
    return reportOf(scope, release, meant, share);
  }

  /** Waits until the share has applied the release, until so many have refused it that it cannot be reached, or until time is up. */
  async waitFor(
    scope: Scope,
    release: number,
    { share, timeoutMs }: PublishWait,
    signal?: AbortSignal,
  ): Promise<AcknowledgementReport> {
    const deadlineMs = this.#clock.nowMs() + timeoutMs;
    const settled = new Map<string, SubscriberInfo>();
    for (let pollMs = POLL_MS_MIN; ; pollMs = Math.min(POLL_MS_MAX, pollMs * 2)) {
      const names = await this.#names(scope, signal);
      const open = names.filter((name) => settled.get(name) === undefined);
      const read = new Map((await this.#readNamed(open, signal)).map(([name, info]) => [name, info] as const));
      for (const [name, info] of read) if (answerOf(info, scope, release) === 'acknowledged') settled.set(name, info);
      const live = names.flatMap((name) => settled.get(name) ?? read.get(name) ?? []);
      const report = reportOf(scope, release, await this.#meant(scope, release, live, signal), share);
      if (report.reached || report.laggingCount === 0) return report;
      const leftMs = deadlineMs - this.#clock.nowMs();
      if (leftMs <= 0) return report;
      await this.#clock.wait(Math.min(pollMs, leftMs), signal);
    }
  }

  /** During a gradual release only those count that its stages have reached. */
  async #meant(
    scope: Scope,
    release: number,
    subscribers: readonly SubscriberInfo[],
    signal: AbortSignal | undefined,
  ): Promise<readonly SubscriberInfo[]> {
    const { pointer } = await this.#reader.pointer(scope, signal);
    if (pointer.rollout?.state.release !== release) return subscribers;
    return subscribers.filter((subscriber) => releaseFor(pointer, subscriber)?.release === release);
  }

  /** The znodes of the subscribers. */
  async #names(scope: Scope, signal: AbortSignal | undefined): Promise<string[]> {
    const { namespace, application } = scope;
    const applications =
      application === undefined
        ? (await childrenOf(this.#client, `${this.#reader.root}/${namespace}`, signal)).filter(isApplicationNode)
        : [application];
    const names: string[] = [];
    for (const each of applications) {
      const { acks } = this.#reader.paths({ namespace, application: each });
      names.push(...(await childrenOf(this.#client, acks, signal)).map((name) => `${acks}/${name}`));
    }
    return names;
  }

  async #read(paths: readonly string[], signal: AbortSignal | undefined): Promise<SubscriberInfo[]> {
    return (await this.#readNamed(paths, signal)).map(([, info]) => info);
  }

  async #readNamed(
    paths: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<(readonly [string, SubscriberInfo])[]> {
    const read: (readonly [string, SubscriberInfo])[] = [];
    for (let i = 0; i < paths.length; i += READS_MAX) {
      const some = paths.slice(i, i + READS_MAX);
      const gets = some.map((path) => ({ type: 'get', path }) as const);
      const results = await this.#client.multiRead(gets, withSignal(signal));
      results.forEach((result, j) => {
        const path = some[j]!;
        // An error: it left between the list and the look.
        if (result.type === 'get') read.push([path, decodeAck(path.slice(path.lastIndexOf('/') + 1), result.data)]);
      });
    }
    return read;
  }
}
