/** What a mailbox does beside keeping items. */
export interface MailboxOptions<T> {
  /** How many unread items are kept. */
  readonly itemsMax: number;
  /** What is kept instead of the unread items when there are more. */
  readonly collapse: (unread: readonly T[]) => T[];
  /** Called once, when nobody will read any more: the reader has left, or the mailbox was ended. */
  readonly onEnd: () => void;
}

/**
 * Items on their way from callbacks to a `for await`. It never holds more than its bound: what a slow reader leaves is collapsed into
 * something that means the same, such as the newest value.
 */
export class Mailbox<T> implements AsyncIterator<T, undefined> {
  readonly #options: MailboxOptions<T>;
  #unread: T[] = [];
  #reader:
    | { readonly resolve: (result: IteratorResult<T, undefined>) => void; readonly reject: (error: Error) => void }
    | undefined;
  #outcome: { readonly error: Error | undefined } | undefined;

  constructor(options: MailboxOptions<T>) {
    this.#options = options;
  }

  /** Whether nobody will read any more. */
  get isEnded(): boolean {
    return this.#outcome !== undefined;
  }

  put(item: T): void {
    if (this.isEnded) return;
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      reader.resolve({ done: false, value: item });
      return;
    }
    this.#unread.push(item);
    if (this.#unread.length > this.#options.itemsMax) this.#unread = this.#options.collapse(this.#unread);
  }

  /** No more items: the reader gets what is unread, and then the error, or the end. */
  end(error?: Error): void {
    if (this.isEnded) return;
    this.#outcome = { error };
    const reader = this.#reader;
    this.#reader = undefined;
    if (error === undefined) reader?.resolve({ done: true, value: undefined });
    else reader?.reject(error);
    this.#options.onEnd();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#unread.length > 0) return Promise.resolve({ done: false, value: this.#unread.shift() as T });
    const outcome = this.#outcome;
    if (outcome?.error !== undefined) {
      this.#outcome = { error: undefined };
      return Promise.reject(outcome.error);
    }
    if (outcome !== undefined) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#reader?.resolve({ done: true, value: undefined });
      this.#reader = { resolve, reject };
    });
  }

  /** The reader has left its loop. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#unread = [];
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }
}

/** Keeps the newest item only. */
export const newest = <T>(unread: readonly T[]): T[] => unread.slice(-1);

/** An iterable that opens a mailbox for each loop over it. */
export function iterableOf<T>(open: () => Mailbox<T>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: open };
}
