/** Where a server is. */
export interface HostAddress {
  readonly host: string;
  readonly port: number;
}

/** What a channel tells whoever opened it. Nothing is told from within `connect`, `write`, `end` or `destroy`. */
export interface ChannelListener {
  /** Bytes can go out now. */
  onOpened(): void;
  /** Bytes have come in; the chunk is the listener's. */
  onBytes(chunk: Buffer): void;
  /** What `write` said would have to wait has gone. */
  onDrained(): void;
  /** The connection is gone, or never came to be; the last thing that is told, and told once. */
  onClosed(error: Error | undefined): void;
}

/** One connection to one server. */
export interface Channel {
  /** Sends the bytes, which are the channel's from now on. False: so much waits that it is better to write no more before `onDrained`. */
  write(bytes: Buffer): boolean;
  /** Sends what was written, then ends the connection. */
  end(): void;
  /** Ends the connection now. Nothing is told afterwards. */
  destroy(): void;
}

/** How a client reaches servers: sockets in a process, something in memory in a test. */
export interface Transport {
  /** Begins to connect. A host's name is resolved anew each time, since a server may have moved. */
  connect(address: HostAddress, listener: ChannelListener): Channel;
}
