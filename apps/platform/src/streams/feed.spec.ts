import { describe, expect, it } from '@jest/globals';
import { ChangeSignal } from './change-signal.js';
import { type Feed, type FeedEvent, follow } from './feed.js';

/** A feed of numbers that keeps the last two changes. */
class NumberFeed implements Feed {
  readonly #signal = new ChangeSignal();
  #events: FeedEvent[] = [];

  async ready(): Promise<void> {}

  since(revision: string | undefined): readonly FeedEvent[] {
    const seen = this.#events.findIndex((event) => event.revision === revision);
    return seen < 0 ? this.#events.slice(-1) : this.#events.slice(seen + 1);
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.#signal.wait(signal);
  }

  push(revision: number): void {
    this.#events = [...this.#events, { revision: String(revision), kind: 'delta', text: '' }].slice(-2);
    this.#signal.wake();
  }
}

describe('following a feed', () => {
  it('tells the state, then every change', async () => {
    const feed = new NumberFeed();
    feed.push(1);
    const events = follow(feed, undefined, new AbortController().signal);
    expect((await events.next()).value?.revision).toBe('1');
    const next = events.next();
    feed.push(2);
    expect((await next).value?.revision).toBe('2');
  });

  it('skips what a slow watcher has missed for good', async () => {
    const feed = new NumberFeed();
    feed.push(1);
    const events = follow(feed, undefined, new AbortController().signal);
    await events.next();
    for (const revision of [2, 3, 4, 5]) feed.push(revision);
    expect((await events.next()).value?.revision).toBe('5');
  });

  it('resumes behind what is known', async () => {
    const feed = new NumberFeed();
    feed.push(1);
    feed.push(2);
    const events = follow(feed, '1', new AbortController().signal);
    expect((await events.next()).value?.revision).toBe('2');
  });

  it('ends with the reason of the signal', async () => {
    const feed = new NumberFeed();
    const controller = new AbortController();
    const next = follow(feed, undefined, controller.signal).next();
    controller.abort(new Error('stop'));
    await expect(next).rejects.toThrow('stop');
  });
});

describe('a change signal', () => {
  it('leaves nobody behind: not the woken, not the aborted', async () => {
    const signal = new ChangeSignal();
    const controller = new AbortController();
    const woken = signal.wait(new AbortController().signal);
    const aborted = signal.wait(controller.signal);
    controller.abort(new Error('gone'));
    await expect(aborted).rejects.toThrow('gone');
    signal.wake();
    await woken;
    expect(signal.waiters).toBe(0);
  });

  it('tells the reason of its end to those who wait and those who come', async () => {
    const signal = new ChangeSignal();
    const waiting = signal.wait(new AbortController().signal);
    signal.end(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
    await expect(signal.wait(new AbortController().signal)).rejects.toThrow('over');
  });
});
