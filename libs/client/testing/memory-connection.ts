import type { Channel, ChannelListener } from '@corral/client';
import type { ClientChannel, ClientHandler } from '@corral/member';
import { ErrorCode, type OpCode } from '@corral/model';
import { FrameSplitter, ProtocolViolationError, RecordWriter, writeReplyHeader } from '@corral/wire';

/** Hands something to the other side, later and in order. */
export type Post = (deliver: () => void) => void;

/** How a server differs from one of today. */
export interface ServerTraits {
  /** Operations that it does not know: it says so and hangs up, as ZooKeeper does. */
  readonly lacking: ReadonlySet<OpCode>;
  /** Whether it hangs up at those without saying why. */
  readonly isMute: boolean;
  /** Is told of every request as it arrives, the handshake excepted. */
  readonly onRequest: (type: OpCode) => void;
}

const FRAME_SIZE_BYTES_MAX = 0xfffff;

/** Both ends of a connection between a client and a member, without a network between them. */
export class MemoryConnection implements Channel, ClientChannel {
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort: number;
  readonly isFull = false;
  /** Bytes go into the void, in both directions, and nobody is told. */
  isSilent = false;
  readonly #post: Post;
  readonly #listener: ChannelListener;
  readonly #splitter = new FrameSplitter(FRAME_SIZE_BYTES_MAX);
  readonly #writer = new RecordWriter();
  #handler: ClientHandler | undefined;
  readonly #traits: ServerTraits;
  #isGreeted = false;
  /** What the member does not read for now. */
  #heldBack: Buffer[] | undefined;
  #closesAfterFlush = false;
  #isClosed = false;
  /** The client wants to hear no more. */
  #isDestroyed = false;

  constructor(listener: ChannelListener, remotePort: number, post: Post, traits: ServerTraits) {
    this.#listener = listener;
    this.remotePort = remotePort;
    this.#post = post;
    this.#traits = traits;
  }

  /** The member takes the connection. */
  accept(open: (channel: ClientChannel) => ClientHandler): void {
    if (this.#isDestroyed || this.isSilent) return;
    this.#handler = open(this);
    this.#listener.onOpened();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The connection breaks; both sides notice. */
  sever(reason = 'the connection was cut'): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#splitter.stop();
    this.#handler?.onClosed();
    this.#post(() => {
      if (!this.#isDestroyed) this.#listener.onClosed(new Error(reason));
    });
  }

  write(bytes: Buffer): boolean {
    this.#post(() => {
      if (!this.isSilent && !this.#isClosed) this.#take(bytes);
    });
    return true;
  }

  #take(bytes: Buffer): void {
    if (this.#heldBack !== undefined) {
      this.#heldBack.push(bytes);
      return;
    }
    try {
      this.#splitter.push(bytes, this.#onFrame);
      this.#handler?.onTurnEnd();
    } catch (error) {
      if (!(error instanceof ProtocolViolationError)) throw error;
      this.abort(error.message);
    }
  }

  readonly #onFrame = (buffer: Buffer, start: number, end: number): void => {
    const isRequest = this.#isGreeted;
    this.#isGreeted = true;
    const type = buffer.readInt32BE(start + 4) as OpCode;
    if (isRequest) this.#traits.onRequest(type);
    if (!isRequest || !this.#traits.lacking.has(type)) {
      this.#handler?.onFrame(buffer, start, end);
      return;
    }
    if (!this.#traits.isMute) this.#refuse(buffer.readInt32BE(start));
    this.#closesAfterFlush = true;
    this.#splitter.stop();
    this.flush();
  };

  #refuse(xid: number): void {
    const at = this.#writer.beginFrame();
    writeReplyHeader(this.#writer, xid, 0, ErrorCode.unimplemented);
    this.#writer.endFrame(at);
  }

  end(): void {
    this.#isDestroyed = true;
    this.#post(() => {
      this.sever();
    });
  }

  destroy(): void {
    this.end();
  }

  outgoing(): RecordWriter {
    return this.#writer;
  }

  pauseReading(): void {
    this.#heldBack ??= [];
  }

  resumeReading(): void {
    const heldBack = this.#heldBack ?? [];
    this.#heldBack = undefined;
    for (const bytes of heldBack) this.write(bytes);
  }

  close(): void {
    this.#closesAfterFlush = true;
  }

  abort(reason: string): void {
    this.sever(reason);
  }

  /** The member's turn is over: what it wrote leaves. */
  flush(): void {
    const bytes = Buffer.from(this.#writer.buffer.subarray(0, this.#writer.length));
    this.#writer.clear();
    if (bytes.length > 0) {
      this.#post(() => {
        if (!this.isSilent && !this.#isDestroyed) this.#listener.onBytes(bytes);
      });
    }
    if (this.#closesAfterFlush) this.sever('the server closed the connection');
  }
}
