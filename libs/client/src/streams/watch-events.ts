import { AddWatchMode, OpCode } from '@corral/model';
import type { CallOptions, Context } from '../context.js';
import { ClientClosedError, ConnectionLossError, SessionExpiredError } from '../errors/connection-errors.js';
import { NoAuthError, UnimplementedError } from '../errors/server-errors.js';
import { addWatch } from '../operations/operations.js';
import type { PersistentListener } from '../watches/persistent-watches.js';
import { removePersistentWatch } from '../watches/remove-persistent-watch.js';
import type { Resync, WatchEvent } from '../watches/watch-event.js';
import { ComparedEvents } from './compared-events.js';
import { endWith } from './end-with.js';
import { iterableOf, Mailbox } from './mailbox.js';
import { UnseenChildren } from './unseen-children.js';

export interface WatchEventsOptions extends CallOptions {
  /** Whether to hear of everything below the path too. */
  readonly recursive?: boolean;
}

/** Events that a slow reader may leave unread; beyond, it is told to read everything anew. */
const UNREAD_EVENTS_MAX = 10_000;

const RESYNC: Resync = Object.freeze({ type: 'resync' });

/** The events of a persistent watch. The first item is a `resync`, when the watch stands; so is one after each reconnect. */
export function watchEvents(
  context: Context,
  path: string,
  options: WatchEventsOptions,
): AsyncIterable<WatchEvent | Resync> {
  context.full(path);
  return iterableOf(() => new EventWatch(context, path, options).mailbox);
}

class EventWatch {
  readonly mailbox: Mailbox<WatchEvent | Resync>;
  readonly #context: Context;
  readonly #path: string;
  readonly #recursive: boolean;
  #isPersistent = false;
  #compared: ComparedEvents | undefined;
  #unseen: UnseenChildren | undefined;

  constructor(context: Context, path: string, { recursive = false, signal }: WatchEventsOptions) {
    this.#context = context;
    this.#path = path;
    this.#recursive = recursive;
    let stopListening = (): void => undefined;
    const stopStates = context.driver.states.listen((state) => {
      if (state === 'closed') this.#fail(context.driver.closedError);
    });
    this.mailbox = new Mailbox<WatchEvent | Resync>({
      itemsMax: UNREAD_EVENTS_MAX,
      collapse: () => [RESYNC],
      onEnd: () => {
        stopListening();
        stopStates();
        this.#stop();
      },
    });
    stopListening = endWith(this.mailbox, signal);
    if (!this.mailbox.isEnded) this.#start();
  }

  readonly #listener: PersistentListener = {
    onEvent: (event) => {
      if (event.type === 'children') this.#unseen?.told();
      this.mailbox.put(event);
    },
    onArmed: () => {
      this.mailbox.put(RESYNC);
    },
    onFailed: (error) => {
      this.#isPersistent = false;
      this.#cover(false);
      this.#fallBack(error);
    },
    onCovered: (isCovered) => {
      this.#cover(isCovered);
    },
  };

  /** Where a recursive watch stands in for this one, what it says nothing of is found out with one-shot watches. */
  #cover(isCovered: boolean): void {
    this.#unseen?.stop();
    this.#unseen = undefined;
    if (!isCovered) return;
    this.#unseen = new UnseenChildren(this.#context, this.#path, {
      onEvent: (event) => {
        this.mailbox.put(event);
      },
      onFailed: (error) => {
        // Who may not read the list would not be told of it by a watch of its own either.
        if (!(error instanceof NoAuthError)) this.#fail(error);
      },
    });
  }

  #start(): void {
    const { driver } = this.#context;
    const fullPath = this.#context.full(this.#path);
    if (driver.lacks(OpCode.addWatch)) {
      this.#fallBack(new UnimplementedError('addWatch', this.#path));
      return;
    }
    const refusal = driver.watches.refusal(this.#path);
    if (refusal !== undefined) {
      this.#fail(refusal);
      return;
    }
    this.#isPersistent = true;
    driver.watches.persistent.add(fullPath, this.#recursive, this.#listener);
    // The kind that serves all who follow this path.
    const recursive = driver.watches.persistent.has(fullPath, true);
    const mode = recursive ? AddWatchMode.persistentRecursive : AddWatchMode.persistent;
    const seen = driver.session.lastZxid;
    this.#context.ask(addWatch, this.#path, { path: fullPath, mode }).then(
      () => {
        if (recursive) driver.setWatchesAgain(driver.watches.rearmBeside([fullPath], seen));
        if (this.#isPersistent) this.#listener.onArmed();
      },
      (error: unknown) => {
        this.#notArmed(error, fullPath);
      },
    );
  }

  #notArmed(error: unknown, fullPath: string): void {
    // After a lost session the next connection sets the watch with all others.
    const comesLater = error instanceof SessionExpiredError || error instanceof ConnectionLossError;
    if (!this.#isPersistent || comesLater) return;
    this.#context.driver.watches.persistent.remove(fullPath, this.#recursive, this.#listener);
    this.#isPersistent = false;
    if (error instanceof UnimplementedError) this.#fallBack(error);
    else this.#fail(error instanceof Error ? error : new Error(String(error)));
  }

  /** Servers before 3.6: one-shot watches, set again and again, and what they tell compared with what was known. */
  #fallBack(error: Error): void {
    if (this.mailbox.isEnded) return;
    if (this.#recursive) {
      this.mailbox.end(error);
      return;
    }
    this.#compared = new ComparedEvents(this.#context, this.#path, {
      onEvent: this.#listener.onEvent,
      onArmed: this.#listener.onArmed,
      onFailed: (failure) => {
        this.#fail(failure);
      },
    });
  }

  #fail(error: Error | undefined): void {
    this.mailbox.end(error instanceof ClientClosedError ? undefined : error);
  }

  #stop(): void {
    this.#compared?.stop();
    this.#cover(false);
    if (!this.#isPersistent) return;
    this.#isPersistent = false;
    const { driver } = this.#context;
    const fullPath = this.#context.full(this.#path);
    if (driver.watches.persistent.remove(fullPath, this.#recursive, this.#listener)) {
      void removePersistentWatch(driver, fullPath, this.#recursive);
    }
  }
}
