/** What the listener counts. */
export class Traffic {
  bytesReceived = 0;
  bytesSent = 0;
  /** Turned away at the door, over a limit. */
  connectionsRejected = 0;
  /** Ended because the client broke the protocol or did not take what was sent to it. */
  connectionsDropped = 0;
}
