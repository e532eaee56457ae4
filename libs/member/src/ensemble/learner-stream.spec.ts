import { beforeEach, describe, expect, it } from '@jest/globals';
import { RecordReader, readQuorumMessage, RecordWriter, writeQuorumMessage } from '@corral/wire';
import type { Zxid } from '@corral/primitives';
import { MemoryTransactionLog } from '@corral/storage-memory';
import type { QuorumMessage, SyncPlan } from '@corral/zab';
import { LearnerStream } from './learner-stream.js';
import type { PeerLink } from './ports.js';

const at = (counter: number): Zxid => (2 ** 32 + counter) as Zxid;
const bytes = Buffer.from('a transaction');
const replayed = (...counters: number[]): unknown[] =>
  counters.flatMap((counter) => [
    { kind: 'proposal', zxid: at(counter), transaction: bytes },
    { kind: 'commit', zxid: at(counter) },
  ]);

describe('what a learner is sent', () => {
  let writer: RecordWriter;
  let log: MemoryTransactionLog;
  let link: { isFull: boolean } & Pick<PeerLink, 'append' | 'outgoing' | 'flush'>;
  let isDone: boolean;
  let isTreeOpen: boolean;

  beforeEach(() => {
    log = new MemoryTransactionLog();
    for (let counter = 1; counter <= 5; counter += 1) log.append(at(counter), bytes);
    writer = new RecordWriter(4096);
    isDone = false;
    isTreeOpen = false;
    link = {
      isFull: false,
      append: (message) => {
        writeQuorumMessage(writer, message);
      },
      outgoing: () => writer,
      flush: () => undefined,
    };
  });

  const streamOf = (plan: SyncPlan): LearnerStream =>
    new LearnerStream({
      link: link as PeerLink,
      plan,
      log,
      openSnapshot: () => {
        isTreeOpen = true;
        return {
          zxid: at(3),
          pieces: () => [Buffer.alloc(0)],
          close: () => {
            isTreeOpen = false;
          },
        };
      },
      monotonicMs: () => 0,
      defer: (run) => {
        run();
      },
      done: () => {
        isDone = true;
      },
      failed: (reason) => {
        throw new Error(reason);
      },
    });

  /** Everything so far, in its order. */
  const sent = (): QuorumMessage[] => {
    const reader = new RecordReader().reset(Buffer.from(writer.buffer.subarray(0, writer.length)), 0, writer.length);
    const messages: QuorumMessage[] = [];
    while (reader.remaining > 0) messages.push(readQuorumMessage(reader));
    writer.clear();
    return messages;
  };

  it('is the plan, the log from there, and then what was said meanwhile', () => {
    const stream = streamOf({ kind: 'replay', after: at(2), through: at(4), fingerprint: 77 });
    stream.append({ kind: 'up-to-date' });
    expect(sent()).toEqual([]);
    stream.pump();
    expect(sent()).toEqual([{ kind: 'diff', zxid: at(4), fingerprint: 77 }, ...replayed(3, 4), { kind: 'up-to-date' }]);
    expect(isDone).toBe(true);
  });

  it('is a cut, and the log from there', () => {
    streamOf({ kind: 'truncate', to: at(3), thenReplayThrough: at(5), fingerprint: 78 }).pump();
    expect(sent()).toEqual([{ kind: 'trunc', zxid: at(3), fingerprint: 78 }, ...replayed(4, 5)]);
  });

  it('is the tree, and the log from where that ends', () => {
    streamOf({ kind: 'snapshot', thenReplayThrough: at(5) }).pump();
    expect(sent()).toEqual([{ kind: 'snap', zxid: at(3) }, ...replayed(4, 5)]);
    expect(isTreeOpen).toBe(false);
  });

  it('waits while the link is full, and the log keeps it', () => {
    link.isFull = true;
    const stream = streamOf({ kind: 'replay', after: at(2), through: at(5) });
    stream.pump();
    expect([sent(), stream.position, isDone]).toEqual([[], at(2), false]);
    link.isFull = false;
    stream.pump();
    expect([sent().length, stream.position, isDone]).toEqual([7, at(5), true]);
  });

  it('is nothing more once the link is gone, and the tree is closed', () => {
    link.isFull = true;
    const stream = streamOf({ kind: 'snapshot', thenReplayThrough: at(5) });
    stream.abandon();
    link.isFull = false;
    stream.pump();
    expect([sent(), isTreeOpen, isDone]).toEqual([[], false, false]);
  });
});
