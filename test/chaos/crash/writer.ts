/** A client that writes without pause until its connection is lost, and remembers what it asked and what it was told. */
import type { RawClient, Reply } from '../client/raw-client.js';
import { RecordCursor } from '../client/record.js';
import { ErrorCode, readCreatedPath } from '../client/requests.js';
import type { Prng } from '../support/prng.js';
import { requestOf, type Action } from './actions.js';
import { ActionSource } from './action-source.js';
import { ExpectedTree, type Told } from './expected-tree.js';

/** One request and what is known about it. */
export interface HistoryEntry {
  readonly action: Action;
  /** The code that must be answered. */
  readonly expectedCode: number;
  /** What the acknowledgement told; undefined while there is none. */
  told: Told | undefined;
}

/** Most requests of one writer in one cycle; bounds the time of the check. */
const REQUESTS_MAX = 3_000;

/** A writer with a part of the tree of its own. */
export class Writer {
  readonly client: RawClient;
  readonly base: string;
  /** Every request in the order it was sent. */
  readonly history: HistoryEntry[] = [];
  /** How many of them were answered: always the first ones, since answers come in order. */
  answeredCount = 0;
  /** The answers that were wrong, in words. */
  readonly violations: string[] = [];
  /** The largest zxid of any answer. */
  zxidMax = 0n;
  readonly #windowMax: number;
  readonly #source: ActionSource;
  readonly #prng: Prng;
  /** As if everything sent had been executed. */
  readonly #ahead = new ExpectedTree();
  readonly #deletable: [data: string, path: string][] = [];
  #stopped = false;

  constructor(client: RawClient, base: string, prng: Prng) {
    this.client = client;
    this.base = base;
    this.#prng = prng;
    this.#windowMax = 1 + prng.below(32);
    this.#source = new ActionSource(base, prng);
    void client.closed.then(() => {
      this.#stopped = true;
    });
  }

  /** Begins to write; goes on by itself with every answer. */
  start(): void {
    while (this.history.length - this.answeredCount < this.#windowMax && this.#mayGoOn()) this.#sendNext();
  }

  /** Asks for the end of the session behind everything else; nothing is sent after it. */
  closeSession(): void {
    this.#stopped = true;
    this.#send({ kind: 'close-session' });
  }

  #mayGoOn(): boolean {
    return !this.#stopped && this.history.length < REQUESTS_MAX;
  }

  #sendNext(): void {
    const action = this.#source.next(this.#ahead, this.#deletable);
    if (action.kind === 'delete-sequential') {
      this.#deletable.splice(
        this.#deletable.findIndex(([data]) => data === action.data),
        1,
      );
    }
    this.#send(action);
  }

  #send(action: Action): void {
    const entry: HistoryEntry = { action, expectedCode: this.#ahead.apply(action), told: undefined };
    this.history.push(entry);
    this.client.request(requestOf(action)).then(
      (reply) => this.#onReply(entry, reply),
      () => undefined,
    );
  }

  #onReply(entry: HistoryEntry, reply: Reply): void {
    this.answeredCount += 1;
    const code = codeOf(entry.action, reply);
    if (code !== entry.expectedCode) {
      const { action } = entry;
      this.violations.push(
        `${this.base}: request ${this.answeredCount} (${action.kind}) was answered ${code} instead of ${entry.expectedCode}`,
      );
    }
    const createdPath =
      entry.action.kind === 'create-sequential' && code === ErrorCode.ok ? readCreatedPath(reply.body) : undefined;
    entry.told = { zxid: reply.zxid, createdPath };
    if (reply.zxid < this.zxidMax) {
      this.violations.push(`${this.base}: zxid ${reply.zxid} was answered after ${this.zxidMax}`);
    }
    this.zxidMax = reply.zxid;
    if (createdPath !== undefined && entry.action.kind === 'create-sequential' && this.#prng.chance(0.5)) {
      this.#deletable.push([entry.action.data, createdPath]);
    }
    if (this.#mayGoOn()) this.#sendNext();
  }
}

/** The code of a reply; the code of a multi is that of the part that failed. */
function codeOf(action: Action, reply: Reply): number {
  if (action.kind !== 'multi' || reply.error !== ErrorCode.ok) return reply.error;
  const cursor = new RecordCursor(reply.body);
  for (;;) {
    const type = cursor.int();
    const done = cursor.bool();
    cursor.int();
    // The first part of a multi that took effect is no error; of one that did not, all are.
    if (done || type !== -1) return ErrorCode.ok;
    const code = cursor.int();
    if (code !== ErrorCode.ok) return code;
  }
}
