import type { Zxid } from '@corral/primitives';
import type { QuorumMessage, SyncPlan, TransactionLog } from '@corral/zab';
import { RecordWriter, writeQuorumMessage } from '@corral/wire';
import type { OutgoingTree, PeerLink } from './ports.js';

/** With so much waiting behind a stream the learner is given up: it catches up slower than the ensemble goes on. */
const BEHIND_BYTES_MAX = 128 * 1024 * 1024;
/** After so long the loop gets a chance to do something else. */
const SLICE_MS = 5;
/** About as much of the log is sent before the link is asked whether it is full. */
const REPLAY_BYTES = 64 * 1024;

/** What a stream works with. */
export interface LearnerStreamInputs {
  readonly link: PeerLink;
  readonly plan: SyncPlan;
  readonly log: TransactionLog;
  readonly openSnapshot: () => OutgoingTree;
  readonly monotonicMs: () => number;
  readonly defer: (run: () => void) => void;
  readonly done: () => void;
  readonly failed: (reason: string) => void;
}

/**
 * Brings a learner to this member's history at the pace that it takes: the plan's announcement, the tree where the log does not reach back far
 * enough, the log from there. What is said to the learner meanwhile waits behind it.
 */
export class LearnerStream {
  readonly #in: LearnerStreamInputs;
  readonly #behind = new RecordWriter(4096);
  readonly #pieces: Iterator<void>;
  #tree: OutgoingTree | undefined;
  /** The log is needed from here on. */
  #position: Zxid;
  #isOver = false;
  #isDeferred = false;

  constructor(inputs: LearnerStreamInputs) {
    this.#in = inputs;
    const { plan } = inputs;
    if (plan.kind === 'snapshot') this.#tree = inputs.openSnapshot();
    this.#position = this.#tree?.zxid ?? (plan.kind === 'replay' ? plan.after : (plan as { to: Zxid }).to);
    this.#pieces = this.#run()[Symbol.iterator]();
  }

  /** What the log must keep for it. */
  get position(): Zxid {
    return this.#position;
  }

  /** Whether the tree is sent. */
  get isSnapshot(): boolean {
    return this.#in.plan.kind === 'snapshot';
  }

  /** Queues a message behind the stream. */
  append(message: QuorumMessage): void {
    writeQuorumMessage(this.#behind, message);
    if (this.#behind.length > BEHIND_BYTES_MAX && !this.#isOver) {
      this.abandon();
      this.#in.failed('it catches up slower than the ensemble goes on');
    }
  }

  /** Sends as much as the link takes now. Called again whenever it has drained. */
  pump(): void {
    const { defer, link, monotonicMs } = this.#in;
    const startedAtMs = monotonicMs();
    while (!this.#isOver && !link.isFull) {
      if (monotonicMs() - startedAtMs > SLICE_MS) {
        if (this.#isDeferred) return;
        this.#isDeferred = true;
        defer(() => {
          this.#isDeferred = false;
          this.pump();
        });
        return;
      }
      if (this.#pieces.next().done === true) this.#finish();
      link.flush();
    }
  }

  #finish(): void {
    this.#isOver = true;
    this.#tree?.close();
    const { link } = this.#in;
    link.outgoing().writeBytes(this.#behind.buffer, 0, this.#behind.length);
    this.#in.done();
  }

  /** Stops: the link is gone. */
  abandon(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#tree?.close();
  }

  /** Each step writes a piece into the link. */
  *#run(): Iterable<void> {
    const { link, plan } = this.#in;
    if (this.#tree !== undefined) {
      link.append({ kind: 'snap', zxid: this.#tree.zxid });
      for (const piece of this.#tree.pieces()) {
        link.outgoing().writeBytes(piece, 0, piece.length);
        yield;
      }
      this.#tree.close();
      this.#tree = undefined;
    } else if (plan.kind === 'truncate') {
      link.append({ kind: 'trunc', zxid: plan.to, fingerprint: plan.fingerprint });
    } else if (plan.kind === 'replay') {
      link.append({ kind: 'diff', zxid: plan.through, fingerprint: plan.fingerprint });
    }
    yield* this.#replay(plan.kind === 'replay' ? plan.through : plan.thenReplayThrough);
  }

  *#replay(through: Zxid): Iterable<void> {
    const { link, log } = this.#in;
    while (this.#position < through) {
      const from = this.#position;
      let sizeBytes = 0;
      // Read anew for every piece: the log moves on meanwhile.
      for (const { zxid, bytes } of log.read(from)) {
        if (zxid > through) break;
        link.append({ kind: 'proposal', zxid, transaction: bytes });
        link.append({ kind: 'commit', zxid });
        this.#position = zxid;
        sizeBytes += bytes.length;
        if (sizeBytes > REPLAY_BYTES) break;
      }
      if (this.#position === from) return;
      yield;
    }
  }
}
