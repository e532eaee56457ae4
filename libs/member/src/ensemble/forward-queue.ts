import { assert, type SessionId, type Zxid } from '@corral/primitives';
import { ErrorCode, OpCode, type Transaction } from '@corral/model';
import type { RequestMessage } from '@corral/zab';
import type { ChangeResult } from '@corral/znode';
import type { CommitQueue, Pending } from '../commit-queue.js';
import type { Connection } from '../connection.js';
import { refusalOf } from './refusal-of.js';

/** What a queue works with. */
export interface ForwardQueuePorts {
  readonly sendToLeader: (message: RequestMessage) => void;
  readonly complete: (pending: Pending, result: ChangeResult | ChangeResult[]) => void;
}

/** A request on its way to the leader and back, or an answer behind such. */
interface Waiting {
  pending: Pending;
  readonly sizeBytes: number;
  /** It waits only for those before it. */
  isDecided: boolean;
}

/** What a request costs beside its bytes. */
const REQUEST_OVERHEAD_BYTES = 200;

/**
 * What a learner has passed on to its leader. The answer is the transaction itself: when one is applied whose session and cxid are those of
 * the oldest request of that session here, it is that request's outcome, be it an error.
 */
export class ForwardQueue implements CommitQueue {
  readonly #ports: ForwardQueuePorts;
  readonly #bySession = new Map<SessionId, Waiting[]>();
  /** The leader answers syncs in the order in which they were asked. */
  readonly #syncs: Waiting[] = [];
  #size = 0;
  #sizeBytes = 0;

  constructor(ports: ForwardQueuePorts) {
    this.#ports = ports;
  }

  get size(): number {
    return this.#size;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get pendingSyncs(): number {
    return this.#syncs.length;
  }

  get nextZxid(): Zxid {
    throw new Error('a learner proposes nothing');
  }

  propose(): void {
    assert(false, 'a learner proposes nothing');
  }

  /** Passes a request on; a check as `checkAsMulti` has made it. */
  forward(pending: Pending, sessionId: SessionId, connection: Connection, request: Uint8Array): void {
    const waiting = { pending, sizeBytes: request.length + REQUEST_OVERHEAD_BYTES, isDecided: false };
    this.#add(sessionId, waiting);
    if (pending.type === OpCode.sync) this.#syncs.push(waiting);
    const { xid: cxid } = pending;
    const type = pending.type === OpCode.check ? OpCode.multi : pending.type;
    this.#ports.sendToLeader({ kind: 'request', sessionId, cxid, type, request, identities: connection.identities });
  }

  /** An answer that waits for the same session's requests before it. */
  await(pending: Pending): void {
    const sessionId = pending.connection?.sessionId;
    if (sessionId === undefined || !this.#bySession.has(sessionId)) {
      this.#ports.complete(pending, undefined);
      return;
    }
    this.#add(sessionId, { pending, sizeBytes: 0, isDecided: true });
  }

  #add(sessionId: SessionId, waiting: Waiting): void {
    const queue = this.#bySession.get(sessionId);
    if (queue === undefined) this.#bySession.set(sessionId, [waiting]);
    else queue.push(waiting);
    this.#size += 1;
    this.#sizeBytes += waiting.sizeBytes;
  }

  /** A transaction is applied. Says whether it was somebody's here. */
  applied(transaction: Transaction, result: ChangeResult | ChangeResult[]): boolean {
    const { sessionId, cxid } = transaction.header;
    const queue = this.#bySession.get(sessionId);
    const first = queue?.[0];
    if (queue === undefined || first === undefined || first.isDecided || first.pending.xid !== cxid) return false;
    const refusal = refusalOf(transaction);
    if (refusal === ErrorCode.ok) first.pending.transaction = transaction;
    else first.pending = { ...first.pending, refusal };
    this.#completeFirst(sessionId, queue, result);
    return true;
  }

  /** The leader has answered the oldest sync. */
  synced(): void {
    const waiting = this.#syncs.shift();
    if (waiting === undefined) return;
    waiting.isDecided = true;
    const sessionId = waiting.pending.connection?.sessionId;
    const queue = sessionId === undefined ? undefined : this.#bySession.get(sessionId);
    if (sessionId !== undefined && queue?.[0] === waiting) this.#completeFirst(sessionId, queue, undefined);
  }

  #completeFirst(sessionId: SessionId, queue: Waiting[], result: ChangeResult | ChangeResult[]): void {
    this.#complete(queue.shift()!, result);
    while (queue[0]?.isDecided === true) this.#complete(queue.shift()!, undefined);
    if (queue.length === 0 && this.#bySession.get(sessionId) === queue) this.#bySession.delete(sessionId);
  }

  #complete({ pending, sizeBytes }: Waiting, result: ChangeResult | ChangeResult[]): void {
    this.#size -= 1;
    this.#sizeBytes -= sizeBytes;
    this.#ports.complete(pending, result);
  }

  /** A connection is gone: nobody waits for its answers any more. */
  forget(connection: Connection): void {
    const { sessionId } = connection;
    const queue = this.#bySession.get(sessionId);
    if (queue === undefined) return;
    const others = queue.filter(({ pending }) => pending.connection !== connection);
    for (const { pending, sizeBytes } of queue) {
      if (pending.connection !== connection) continue;
      this.#size -= 1;
      this.#sizeBytes -= sizeBytes;
    }
    if (others.length === 0) this.#bySession.delete(sessionId);
    else this.#bySession.set(sessionId, others);
  }
}
