/** An application whose every release is one number, written in all of its documents: two numbers seen together are half a release. */
import { randomBytes } from 'node:crypto';
import type { Client } from '@corral/client';
import { ConfigSubscription, type ConfigSnapshot } from '@corral/live-config';
import type { Body, HttpApi } from './http-api.js';

const PROFILE = 'dev';
/** Does not get smaller, so that a document with it takes more than one znode. */
const NOISE = randomBytes(850_000).toString('base64');

/**
 * What came of a release that was asked for. Nobody knows what became of an `unanswered` one. `conflict`: one that was never answered
 * was made after all, just now.
 */
export type PublishOutcome = 'made' | 'conflict' | 'unanswered';

/** Publishes numbers and looks at what is seen of them. What must not be is noted in `faults`. */
export class NumberedApplication {
  readonly faults: string[] = [];
  readonly #path: string;
  readonly #name: string;
  readonly #subscription: ConfigSubscription;
  readonly #lastSeen = new Map<string, number>();
  /** The newest that was asked for, and the newest that must not be lost because somebody was answered or all have seen it. */
  #asked = 0;
  #kept = 0;

  constructor(client: Client, name: string) {
    this.#name = name;
    this.#path = `/v1/config/namespaces/shop/applications/${name}`;
    const target = { namespace: 'shop', application: name, profiles: [PROFILE] };
    this.#subscription = new ConfigSubscription(client, { target });
    this.#subscription.onChange((snapshot) => void this.#judge('a subscriber', snapshotNumbers(snapshot)));
  }

  /** Asks a platform for the next release. */
  async publish(api: HttpApi): Promise<PublishOutcome> {
    const number = ++this.#asked;
    const answer = await api
      .send('POST', `${this.#path}/releases`, { changes: changes(number) })
      .catch(() => undefined);
    if (answer === undefined) return 'unanswered';
    if (answer.status === 409) return 'conflict';
    if (answer.status === 201) this.#kept = Math.max(this.#kept, number);
    else this.faults.push(`${this.#name}: release ${number} was answered with ${answer.status}`);
    return 'made';
  }

  /** The number that everybody has arrived at; `undefined` while a platform and the subscriber do not show the same. */
  async seen(api: HttpApi): Promise<number | undefined> {
    const { status, body } = await api.get(`${this.#path}/effective?profiles=${PROFILE}`);
    if (status !== 200) throw new Error(`${this.#name}: ${status}`);
    const there = this.#judge('a platform', bodyNumbers(body));
    const here = this.#judge('a subscriber', snapshotNumbers(this.#subscription.current));
    if (there !== here || there < this.#kept) return undefined;
    this.#kept = there;
    return there;
  }

  /** Whether the newest release that was asked for is the one that is seen. */
  get isNewestKept(): boolean {
    return this.#kept === this.#asked;
  }

  /** The releases as history has them: each must have changed all documents. */
  async releases(api: HttpApi): Promise<{ readonly release: number; readonly changes: readonly unknown[] }[]> {
    return (await api.get(`${this.#path}/releases?limit=200`)).body.releases as [];
  }

  close(): Promise<void> {
    return this.#subscription.close();
  }

  /** The one number, which nobody sees go backwards. */
  #judge(who: string, numbers: readonly number[]): number {
    const different = [...new Set(numbers)];
    const [number = 0] = different;
    const before = this.#lastSeen.get(who) ?? 0;
    this.#lastSeen.set(who, number);
    const fault = (what: string): void => void this.faults.push(`${this.#name}: ${who} sees ${what}`);
    if (different.length > 1) fault(`${different.join(' and ')} at once`);
    if (number > this.#asked) fault(`${number}, which nobody asked for`);
    if (number < before) fault(`${number} after ${before}`);
    return number;
  }
}

function changes(number: number): object[] {
  return [
    { name: 'one', format: 'yaml', content: `one: ${number}\n` },
    { name: 'two', format: 'yaml', content: `two: ${number}\n` },
    { name: 'three', format: 'yaml', content: `three: ${number}\n`, profile: PROFILE },
    { name: 'large', format: 'text', content: `large: ${number}\n${NOISE}` },
  ];
}

/** All numbers in it: those of the merged tree, and those of the documents as they were written. */
function bodyNumbers({ values, documents }: Body): number[] {
  const contents = (documents as { content: string }[]).map(({ content }) => content);
  return numbersIn(values as Readonly<Record<string, unknown>>, contents);
}

function snapshotNumbers({ values, documents }: ConfigSnapshot): number[] {
  return numbersIn(
    values,
    [...documents.values()].map(({ content }) => content),
  );
}

/** A document that is missing where there are others counts as the number 0. */
function numbersIn(values: Readonly<Record<string, unknown>>, contents: readonly string[]): number[] {
  const inValues = ['one', 'two', 'three'].map((name) => Number(values[name] ?? 0));
  const inContents = [0, 1, 2, 3].map((i) => Number(/^\w+: (\d+)/.exec(contents[i] ?? '')?.[1] ?? 0));
  return [...inValues, ...inContents];
}
