/** Who takes in what a connection receives: the port that this folder declares and the member implements. */
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
