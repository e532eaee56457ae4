import { Observable, type Subscriber, type TeardownLogic } from 'rxjs';

/**
 * The values of a path over time: an rxjs Observable, and an async iterable for those who do not use rxjs.
 *
 * It begins with the present value, and goes on with every one that differs from the one before. An iteration that is slower than the changes
 * skips to the newest, so it needs no queue. Both end when the application shuts down or the signal given to `observe` aborts.
 */
export class ConfigStream<T> extends Observable<T> implements AsyncIterable<T> {
  constructor(subscribe: (this: Observable<T>, subscriber: Subscriber<T>) => TeardownLogic) {
    super(subscribe);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    let newest: { readonly value: T } | undefined;
    let failure: { readonly cause: unknown } | undefined;
    let isOver = false;
    let wake = (): void => {};
    const subscription = this.subscribe({
      next: (value) => {
        newest = { value };
        wake();
      },
      error: (cause: unknown) => {
        failure = { cause };
        wake();
      },
      complete: () => {
        isOver = true;
        wake();
      },
    });
    // Read through functions: the compiler does not see that the subscription assigns these while the loop waits.
    const take = (): { readonly value: T } | undefined => {
      const taken = newest;
      newest = undefined;
      return taken;
    };
    const failed = (): { readonly cause: unknown } | undefined => failure;
    const over = (): boolean => isOver;
    try {
      for (;;) {
        const taken = take();
        if (taken !== undefined) {
          yield taken.value;
          continue;
        }
        const failure = failed();
        if (failure !== undefined) throw failure.cause;
        if (over()) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      subscription.unsubscribe();
    }
  }
}
