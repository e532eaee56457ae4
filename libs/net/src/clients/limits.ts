/** What the listener grants to clients. Every buffer and table that a client can fill has its bound here. */
export interface ClientLimits {
  /** Connections from one address (ZooKeeper's `maxClientCnxns`); 0 for no limit. */
  readonly connectionsPerAddressMax: number;
  /** Connections in all (ZooKeeper's `maxCnxns`); 0 for no limit. */
  readonly connectionsMax: number;
  /** The longest request (ZooKeeper's `jute.maxbuffer`). */
  readonly frameSizeBytesMax: number;
  /** How long a new connection may take to send its handshake. */
  readonly handshakeTimeoutMs: number;
  /** How long a client may take to read its last replies once the connection is to end. */
  readonly closeTimeoutMs: number;
  /** How long a client may leave unread what it is sent before it is given up. */
  readonly stallTimeoutMs: number;
  /** Unsent bytes from which on no requests are read from the connection. */
  readonly unsentBytesPause: number;
  /** With so much unsent, a connection that gets still more to send is given up. One reply may be larger; a backlog may not. */
  readonly unsentBytesMax: number;
}

export const DEFAULT_CLIENT_LIMITS: ClientLimits = {
  connectionsPerAddressMax: 60,
  connectionsMax: 0,
  frameSizeBytesMax: 0xfffff,
  handshakeTimeoutMs: 10_000,
  closeTimeoutMs: 2_000,
  stallTimeoutMs: 60_000,
  unsentBytesPause: 256 * 1024,
  unsentBytesMax: 8 * 1024 * 1024,
};
