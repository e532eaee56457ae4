import type { Timers } from '../ports/timers.js';
import type { HostAddress, Transport } from '../ports/transport.js';

/** What asking a server works with. */
export interface AskInputs {
  readonly transport: Transport;
  readonly timers: Timers;
  readonly address: HostAddress;
  /** How long reaching the server and its answer may take together. */
  readonly timeoutMs: number;
}

/** As much of an answer as is waited for: the words asked here are answered in two letters. */
const ANSWER_SIZE_BYTES = 2;

/**
 * Asks a server one of ZooKeeper's four-letter words on a connection of its own. `answered` is called once, with the first two letters of
 * the answer, or with nothing when there is none. The function that comes back stops the asking, silently.
 */
export function askWord(
  { address, timeoutMs, timers, transport }: AskInputs,
  word: string,
  answered: (answer: string | undefined) => void,
): () => void {
  let heard = Buffer.alloc(0);
  const stop = (): void => {
    timers.clearTimeout(timer);
    channel.destroy();
  };
  const finish = (answer: string | undefined): void => {
    stop();
    answered(answer);
  };
  const channel = transport.connect(address, {
    onOpened: () => channel.write(Buffer.from(word, 'ascii')),
    onBytes: (chunk) => {
      heard = Buffer.concat([heard, chunk]);
      if (heard.length >= ANSWER_SIZE_BYTES) finish(heard.toString('ascii', 0, ANSWER_SIZE_BYTES));
    },
    onDrained: () => undefined,
    onClosed: () => {
      finish(undefined);
    },
  });
  const timer = timers.setTimeout(() => {
    finish(undefined);
  }, timeoutMs);
  return stop;
}
