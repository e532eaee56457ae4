import type { SessionId } from '@corral/primitives';
import type { RecordWriter } from '@corral/wire';

/** The two clocks of a member: one for what people read, one that never jumps. */
export interface Clock {
  wallClockMs(): number;
  monotonicMs(): number;
}

/** One client's connection, as the member sees it. `libs/net` implements it over a socket. */
export interface ClientChannel {
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Replies and events are appended here. They leave, in one piece, when the member's turn ends. */
  outgoing(): RecordWriter;
  /** Whether so much waits to be sent that nothing large should be added; `onDrained` tells when it has gone. */
  readonly isFull: boolean;
  /** Stops and starts taking in requests. */
  pauseReading(): void;
  resumeReading(): void;
  /** Ends the connection after what was appended has been sent. */
  close(): void;
  /** Ends the connection for a fault of the client's, which goes to the log. */
  abort(reason: string): void;
}

/** What a channel tells the member. */
export interface ClientHandler {
  /** One whole frame without its length. @throws ProtocolViolationError when the connection must be closed. */
  onFrame(buffer: Buffer, start: number, end: number): void;
  /** All frames of a chunk were handed over. */
  onTurnEnd(): void;
  /** The client will send nothing more, and may still wait for answers. */
  onEnded(): void;
  /** What waited to be sent has gone. */
  onDrained(): void;
  onClosed(): void;
}

/** Gives out and checks the passwords with which a session can be taken up again. */
export interface SessionPasswords {
  issue(id: SessionId): Buffer;
  matches(id: SessionId, password: Uint8Array): boolean;
}
