/** What words tell that is no figure of the member: who the server is, how it is configured, where it runs. */
export interface ServerFacts {
  /** As in `3.8.0-corral-0.1.0, built on 2026-01-31 12:00 UTC`: parsers expect ZooKeeper's version at the front. */
  readonly version: string;
  readonly startedAtMs: number;
  readonly configuration: ConfigurationFacts;
  /** Bytes on disk, measured when asked. */
  directorySizes(): DirectorySizes;
  openFiles(): FileDescriptors;
  /** Keys and values for `envi`, in order, the version aside. */
  environment(): Iterable<readonly [string, string]>;
}

/** What `conf` prints. */
export interface ConfigurationFacts {
  readonly clientPort: number;
  readonly dataDirectory: string;
  readonly logDirectory: string;
  readonly tickMs: number;
  readonly connectionsPerAddressMax: number;
  readonly sessionTimeoutMsMin: number;
  readonly sessionTimeoutMsMax: number;
  readonly serverId: number;
}

/** Bytes that the directories hold. */
export interface DirectorySizes {
  readonly dataBytes: number;
  readonly logBytes: number;
}

/** How many files the process holds open, and how many it may; -1 where the system does not tell. */
export interface FileDescriptors {
  readonly open: number;
  readonly max: number;
}
