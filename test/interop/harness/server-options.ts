/** What a test may ask of a server, in terms that fit Apache ZooKeeper and Corral alike. */
import type { PortRange } from './free-ports.js';

/** The ports used when a caller names no range. */
export const DEFAULT_PORT_RANGE: PortRange = { first: 22_000, last: 22_999 };

/** How a server is to be started; the same options give both servers the same `zoo.cfg`. */
export interface ServerOptions {
  /** Where free ports are looked for. */
  readonly ports?: PortRange;
  /** A fixed client port, such as the one of an earlier run whose clients shall come back. */
  readonly clientPort?: number;
  /** An existing directory to run in (its `data` and `zoo.cfg` are kept or rewritten); absent: a new temporary one. */
  readonly directory?: string;
  /** Lines added to `zoo.cfg`. Apache turns a key it does not know into the system property `zookeeper.<key>`. */
  readonly configLines?: readonly string[];
  /** Apache only: JVM system properties such as `jute.maxbuffer`, which `zoo.cfg` cannot set. */
  readonly javaProperties?: Readonly<Record<string, string>>;
  /** Apache only: JVM arguments such as `-Xmx512m`. */
  readonly javaArguments?: readonly string[];
  /** Corral only: environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Corral only: arguments for `node` itself, such as `--cpu-prof`. */
  readonly nodeArguments?: readonly string[];
  /** Digest of the superuser, `super:<base64 of SHA-1 of "super:password">`; see `digestOf`. */
  readonly superDigest?: string;
  /** Whether the admin HTTP server runs, on `adminPort` of the handle. Off by default. */
  readonly admin?: boolean;
  /** How long the start may take. */
  readonly startTimeoutMs?: number;
}
