/** Bounds of the connections between members. */
export interface PeerLimits {
  /** How long a connection may take to come up, and a new one to say who it is (ZooKeeper's `cnxTimeout`). */
  readonly connectTimeoutMs: number;
  /** The pause before the second try to connect; it doubles from try to try. */
  readonly redialMsMin: number;
  readonly redialMsMax: number;
  /** The longest notification; one with a configuration of hundreds of members has a few tens of kilobytes. */
  readonly notificationBytesMax: number;
  /** The longest packet on the quorum port: one transaction, or the touches of one ping. */
  readonly packetBytesMax: number;
  /** Unsent bytes from which on a stream (a history, a snapshot) waits. */
  readonly unsentBytesPause: number;
  /** With so much unsent, a peer that gets still more is given up: it is too slow, and will come back and catch up. */
  readonly unsentBytesMax: number;
  /** Connections that have come in and not said yet who they are. */
  readonly strangersMax: number;
}

export const DEFAULT_PEER_LIMITS: PeerLimits = {
  connectTimeoutMs: 5_000,
  redialMsMin: 10,
  redialMsMax: 1_000,
  notificationBytesMax: 512 * 1024,
  packetBytesMax: 64 * 1024 * 1024,
  unsentBytesPause: 1024 * 1024,
  unsentBytesMax: 128 * 1024 * 1024,
  strangersMax: 64,
};
