import type { ServerId, Zxid } from '@corral/primitives';
import type { Notification, QuorumMessage, TransactionLog } from '@corral/zab';
import type { RecordWriter } from '@corral/wire';
import type { TreeStore } from '@corral/znode';

/** One connection on the quorum port, as the member sees it. `libs/net` implements it over a socket. */
export interface PeerLink {
  /** For log lines. */
  readonly remote: string;
  append(message: QuorumMessage): void;
  /** What is appended here leaves, in one piece, with the next `flush`. */
  outgoing(): RecordWriter;
  flush(): void;
  /** Whether a stream should wait for `onDrained`. */
  readonly isFull: boolean;
  /** Bytes that wait to be sent. */
  readonly unsentBytes: number;
  /** From now on `take` gets the bytes as they are, until `resumeMessages` gives back those that were taken too much. */
  takeBytes(take: (chunk: Buffer) => void): void;
  resumeMessages(rest: Buffer): void;
  pauseReading(): void;
  resumeReading(): void;
  /** Ends the connection; its handler hears of nothing any more. */
  close(): void;
}

/** What a link tells the member. */
export interface PeerLinkHandler {
  onMessage(message: QuorumMessage): void;
  /** All of a chunk was handed over. */
  onTurnEnd(): void;
  onDrained(): void;
  /** `fault` is what the peer did wrong, if it did. */
  onClosed(fault: string | undefined): void;
}

/** The ways to the other members. */
export interface PeerNetwork {
  /** Sends on the election port, now or when there is a connection. */
  notify(to: ServerId, notification: Notification): void;
  /** Connects to the quorum port of another member, once. */
  connect(leader: ServerId, handler: PeerLinkHandler, done: (link: PeerLink | undefined) => void): void;
}

/** A tree on its way to a learner. */
export interface OutgoingTree {
  /** The last transaction that it shows. */
  readonly zxid: Zxid;
  /** Each piece lasts until the next is asked for. */
  pieces(): Iterable<Buffer>;
  close(): void;
}

/** A tree that comes from the leader. */
export interface IncomingTree {
  readonly znodeCount: number;
  readonly sizeBytes: number;
  /**
   * Takes the next bytes; answers, at the end of the tree, with those behind it. Returns when they are stored, which holds up whoever brings them.
   * @throws when they are no tree.
   */
  push(chunk: Buffer): Buffer | undefined;
  /** Makes the tree durable as of `zxid`: after this it counts, whatever happens. */
  complete(zxid: Zxid): PromiseLike<void>;
  abandon(): PromiseLike<void>;
}

/** Where a member of an ensemble keeps things. `log` and `store` are others after `install`. */
export interface ReplicaStorage {
  readonly log: TransactionLog;
  readonly store: TreeStore;
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
  /** Both are on disk when it returns. */
  storeEpochs(acceptedEpoch: number, currentEpoch: number): void;
  /** The tree as of the last flush. */
  openSnapshot(): OutgoingTree;
  receiveSnapshot(): IncomingTree;
  /** Puts a completed incoming tree in the place of the old one, with an empty log. Not while the log syncs. */
  install(): PromiseLike<void>;
}
