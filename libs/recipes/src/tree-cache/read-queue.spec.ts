import { describe, expect, it } from '@jest/globals';
import { ReadQueue } from './read-queue.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A queue whose readings end when, and as, the test says. */
function build(failed: (queue: ReadQueue, path: string) => void = () => undefined) {
  const readings: { done: (value: string) => void; fail: () => void }[] = [];
  const applied: string[] = [];
  const queue: ReadQueue = new ReadQueue(
    () =>
      new Promise((resolve, reject) => {
        readings.push({ done: (value) => resolve(() => applied.push(value)), fail: () => reject(new Error('lost')) });
      }),
    () => applied.push('idle'),
    (_error, path) => {
      applied.push('failed');
      failed(queue, path);
    },
  );
  return { queue, readings, applied };
}

describe('a queue of readings', () => {
  it('throws a reading away that may be outdated, and reads again', async () => {
    const { applied, queue, readings } = build();
    queue.ask('/a');
    queue.ask('/a');
    readings[0]!.done('old');
    await turn();
    readings[1]!.done('new');
    await turn();
    expect(applied).toEqual(['new', 'idle']);
  });

  it('reads again when that is asked for while a reading fails, and when the failure is told', async () => {
    const { applied, queue, readings } = build((own, path) => own.ask(path));
    queue.ask('/a');
    queue.ask('/a');
    readings[0]!.fail();
    await turn();
    readings[1]!.fail();
    await turn();
    readings[2]!.done('at last');
    await turn();
    expect(applied).toEqual(['failed', 'at last', 'idle']);
  });
});
