import type { CallOptions, Context } from '../context.js';
import { ClientClosedError, ConnectionLossError, SessionExpiredError } from '../errors/connection-errors.js';
import { type ChildList, exists, getChildren2IfAny, getDataIfAny, type Znode } from '../operations/operations.js';
import type { Operation } from '../requests/request.js';
import type { Abandonable, WatchKind } from '../watches/watch-table.js';
import type { Watcher } from '../watches/watch-event.js';
import { endWith } from './end-with.js';
import { iterableOf, Mailbox, newest } from './mailbox.js';

/** What is watched, and when two readings of it are the same. */
interface Subject<T> {
  readonly kind: WatchKind;
  readonly operation: Operation<{ readonly path: string; readonly watch: boolean }, T | undefined>;
  readonly isSame: (one: T, other: T) => boolean;
}

const DATA: Subject<Znode> = {
  kind: 'data',
  operation: getDataIfAny,
  isSame: ({ stat: a }, { stat: b }) => a.czxid === b.czxid && a.mzxid === b.mzxid && a.mtimeMs === b.mtimeMs,
};

const CHILDREN: Subject<ChildList> = {
  kind: 'children',
  operation: getChildren2IfAny,
  isSame: ({ stat: a }, { stat: b }) => a.czxid === b.czxid && a.pzxid === b.pzxid && a.ctimeMs === b.ctimeMs,
};

/** A znode's data over time: the present value, then the newest after each change; `undefined` while there is no such znode. */
export function watchData(context: Context, path: string, call?: CallOptions): AsyncIterable<Znode | undefined> {
  return watchValue(context, path, DATA, call);
}

/** A znode's children over time, likewise. */
export function watchChildren(
  context: Context,
  path: string,
  call?: CallOptions,
): AsyncIterable<ChildList | undefined> {
  return watchValue(context, path, CHILDREN, call);
}

function watchValue<T>(
  context: Context,
  path: string,
  subject: Subject<T>,
  call: CallOptions | undefined,
): AsyncIterable<T | undefined> {
  // A path that cannot be is the caller's mistake, and told where it is made.
  context.full(path);
  return iterableOf(() => new ValueWatch(context, path, subject, call?.signal).mailbox);
}

/**
 * Reads, waits for the watch of that read, and reads again. A change between two reads uses the watch of the first up, so the last
 * value is never missed; changes in quick succession may be seen as one.
 */
class ValueWatch<T> {
  readonly mailbox: Mailbox<T | undefined>;
  readonly #context: Context;
  readonly #path: string;
  readonly #subject: Subject<T>;
  /** Called by the watch, or by the end. */
  #wake: () => void = () => undefined;
  #isStale = true;
  /** The read under way, or one that is done. */
  #reading: Abandonable | undefined;
  #last: { readonly value: T | undefined } | undefined;

  constructor(context: Context, path: string, subject: Subject<T>, signal: AbortSignal | undefined) {
    this.#context = context;
    this.#path = path;
    this.#subject = subject;
    let stopListening = (): void => undefined;
    const stopStates = context.driver.states.listen((state) => {
      if (state === 'closed') this.mailbox.end(endCause(context.driver.closedError));
    });
    this.mailbox = new Mailbox<T | undefined>({
      itemsMax: 1,
      collapse: newest,
      onEnd: () => {
        stopListening();
        stopStates();
        context.driver.watches.oneShot.remove(context.full(path), this.#watcher);
        // Not by the signal: a listener for each read costs more than all else of it that is ours.
        this.#reading?.abandon(new Error('the stream has ended'));
        this.#wake();
      },
    });
    stopListening = endWith(this.mailbox, signal);
    void this.#run();
  }

  readonly #watcher: Watcher = () => {
    this.#isStale = true;
    this.#wake();
  };

  readonly #entered = (read: Abandonable): void => {
    this.#reading = read;
  };

  async #run(): Promise<void> {
    while (!this.mailbox.isEnded) {
      this.#isStale = false;
      try {
        this.#put(await this.#read());
      } catch (error) {
        if (this.mailbox.isEnded) return;
        // The next read waits for the next connection, in the next session if need be.
        if (error instanceof SessionExpiredError || error instanceof ConnectionLossError) continue;
        this.mailbox.end(endCause(error instanceof Error ? error : new Error(String(error))));
        return;
      }
      if (!this.#isStale && !this.mailbox.isEnded) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    // The last reading may have set the watch after it was taken away.
    this.#context.driver.watches.oneShot.remove(this.#context.full(this.#path), this.#watcher);
  }

  #put(value: T | undefined): void {
    const last = this.#last;
    const { isSame } = this.#subject;
    if (last !== undefined) {
      if (value === undefined && last.value === undefined) return;
      if (value !== undefined && last.value !== undefined && isSame(last.value, value)) return;
    }
    this.#last = { value };
    this.mailbox.put(value);
  }

  async #read(): Promise<T | undefined> {
    const { kind, operation } = this.#subject;
    const watch = { kind, watcher: this.#watcher, onEntered: this.#entered };
    for (;;) {
      const value = await this.#context.read(operation, this.#path, undefined, watch);
      if (value !== undefined) return value;
      const stat = await this.#context.read(exists, this.#path, undefined, { ...watch, kind: 'exists' });
      if (stat === undefined) return undefined;
      // It has come to be between the two questions.
    }
  }
}

/** A client that its owner closed ends its streams; one that closed itself fails them. */
function endCause(error: Error | undefined): Error | undefined {
  return error instanceof ClientClosedError ? undefined : error;
}
