/** A member in this process with everything around it under control, and a client that may send it anything. */
import {
  DEFAULT_MEMBER_OPTIONS,
  Member,
  type ClientChannel,
  type ClientHandler,
  type MemberStatus,
} from '@corral/member';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import { RecordWriter } from '@corral/wire';
import { handshakeFrame } from '../chaos/hostile/socket.js';

const FRAME_LENGTH_BYTES = 4;
/** What one input may make the member answer. */
const ANSWER_BYTES_MAX = 4_000_000;

/** Figures that two members with the same tree agree on. */
export type Summary = Pick<
  MemberStatus,
  'lastZxid' | 'znodeCount' | 'ephemeralCount' | 'dataSizeBytes' | 'sessionCount'
>;

function summaryOf(member: Member): Summary {
  const { lastZxid, znodeCount, ephemeralCount, dataSizeBytes, sessionCount } = member.status.status();
  return { lastZxid, znodeCount, ephemeralCount, dataSizeBytes, sessionCount };
}

/** Keeps what the tree no longer needs, so that all of it can be replayed. */
class UnpurgedLog extends MemoryTransactionLog {
  override purge(): void {
    return undefined;
  }
}

/** One connection, made new whenever the last one was closed. */
export class FuzzedMember {
  readonly #log = new UnpurgedLog({ syncsAtOnce: true });
  readonly #member: Member;
  readonly #writer = new RecordWriter();
  #handler: ClientHandler | undefined;
  #isClosed = true;
  #deferred: (() => void)[] = [];
  #nowMs = 1_000_000;
  /** Connections that the member or a violation of the protocol has ended. */
  closedCount = 0;
  answeredBytes = 0;

  constructor() {
    this.#member = this.#newMember(new MemoryTreeStore());
  }

  /** What the member holds. */
  summary(): Summary {
    return summaryOf(this.#member);
  }

  /** What a second member makes of the same log from its beginning. */
  summaryAfterReplay(): Summary {
    return summaryOf(this.#newMember(new MemoryTreeStore()));
  }

  /** Sends one frame. Anything but a violation of the protocol that comes out is a mistake, and thrown on. */
  send(frame: Buffer): void {
    if (this.#isClosed) this.#connect();
    this.#turn(frame);
  }

  /** Lets time pass, so that sessions expire and containers go. */
  pass(durationMs: number): void {
    this.#nowMs += durationMs;
    this.#member.tick();
    this.#settle();
  }

  #connect(): void {
    this.#isClosed = false;
    this.#handler = this.#member.open(this.#channel());
    this.#turn(handshakeFrame(10_000).subarray(FRAME_LENGTH_BYTES));
  }

  #turn(frame: Buffer): void {
    const handler = this.#handler;
    if (handler === undefined) throw new Error('not connected');
    try {
      handler.onFrame(frame, 0, frame.length);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ProtocolViolationError')) throw error;
      this.#isClosed = true;
    }
    handler.onTurnEnd();
    this.#settle();
    if (this.#isClosed) {
      this.closedCount += 1;
      handler.onClosed();
      this.#settle();
    }
  }

  #settle(): void {
    while (this.#deferred.length > 0) {
      const runs = this.#deferred;
      this.#deferred = [];
      for (const run of runs) run();
    }
    if (this.#writer.length > ANSWER_BYTES_MAX)
      throw new Error(`one input was answered with ${this.#writer.length} bytes`);
    this.answeredBytes += this.#writer.length;
    this.#writer.clear();
  }

  #channel(): ClientChannel {
    const end = (): void => {
      this.#isClosed = true;
    };
    return {
      remoteAddress: '127.0.0.1',
      remotePort: 40_000,
      isFull: false,
      outgoing: () => this.#writer,
      pauseReading: () => undefined,
      resumeReading: () => undefined,
      close: end,
      abort: end,
    };
  }

  #newMember(store: MemoryTreeStore): Member {
    return new Member(DEFAULT_MEMBER_OPTIONS, {
      log: this.#log,
      store,
      clock: { wallClockMs: () => 1_600_000_000_000 + this.#nowMs, monotonicMs: () => this.#nowMs },
      passwords: { issue: () => Buffer.alloc(16), matches: () => true },
      logger: () => undefined,
      defer: (run) => this.#deferred.push(run),
      traffic: { bytesReceived: 0, bytesSent: 0, connectionsRejected: 0, connectionsDropped: 0 },
      flushConnections: () => undefined,
    });
  }
}
