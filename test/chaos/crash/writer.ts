/** A client that writes without pause until its connection is lost, and remembers what it asked and what it was told. */
import type { RawClient, Reply } from '../client/raw-client.js';
import { RecordCursor } from '../client/record.js';
import { ErrorCode, readCreatedPath } from '../client/requests.js';
import type { Prng } from '../../prng.js';
import { requestOf, type Action } from './actions.js';
import { ActionSource } from './action-source.js';
import { ExpectedTree } from './expected-tree.js';
import type { HistoryEntry, Witness } from './verify.js';

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
  /** How many requests were answered with an error after `declareFaulty`. */
  refusedWhileFaultyCount = 0;
  /** The largest zxid of any answer. */
  zxidMax = 0n;
  readonly #windowMax: number;
  readonly #source: ActionSource;
  readonly #prng: Prng;
  /** As if everything sent had been executed. */
  readonly #ahead = new ExpectedTree();
  readonly #deletable: [data: string, path: string][] = [];
  #stopped = false;
  #mayFail = false;
  #faulty = false;

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

  /** From now on the disk may fail: an unexpected error is the fault becoming known, and what follows it gets no acknowledgement. */
  expectFault(): void {
    this.#mayFail = true;
  }

  /** From now on the disk is known to fail: nothing more is sent, and an acknowledgement is a lie. */
  declareFaulty(): void {
    this.#stopped = true;
    this.#faulty = true;
  }

  /** Whether every request was answered, or the connection closed: a client must not be left without either. */
  isTold(): boolean {
    return this.client.isClosed || this.answeredCount + this.refusedWhileFaultyCount === this.history.length;
  }

  /** What a judge needs; a request that was answered with an error while the disk failed must have no effect, nor those after it. */
  witness(): Witness {
    const possible = this.refusedWhileFaultyCount > 0 ? this.history.slice(0, this.answeredCount) : this.history;
    return {
      base: this.base,
      sessionId: this.client.session.id,
      history: possible,
      answeredCount: this.answeredCount,
    };
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
    const code = codeOf(entry.action, reply);
    if (this.#mayFail && code !== ErrorCode.ok && code !== entry.expectedCode) this.declareFaulty();
    if (this.#faulty) {
      this.refusedWhileFaultyCount += 1;
      if (code === ErrorCode.ok)
        this.violations.push(`${this.base}: ${entry.action.kind} was acknowledged on a failing disk`);
      return;
    }
    this.answeredCount += 1;
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
