import { randomBytes } from 'node:crypto';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import { type Acl, OPEN_ACL } from '@corral/model';
import type { Logger } from '@corral/primitives';
import { checkAcl, checkCredential, checkFunction, checkPositive as positive, kindOf } from './check-option.js';
import { InvalidOptionError } from './errors/connection-errors.js';
import { TcpTransport } from './ports/tcp-transport.js';
import { systemTimers, type Timers } from './ports/timers.js';
import type { Transport } from './ports/transport.js';
import { type ConnectString, parseConnectString } from './session/connect-string.js';
import type { Credential } from './session/credentials.js';

/** What a client can be told. Only `connect` is needed. */
export interface ClientOptions {
  /** `host:port,host:port/chroot`, as every ZooKeeper client takes it. */
  readonly connect: string;
  /** How long the session outlives the connection, as far as the server agrees; 10,000. */
  readonly sessionTimeoutMs?: number;
  /** How long one server may take to greet; by default a quarter of the session timeout, 1 to 5 seconds. */
  readonly connectTimeoutMs?: number;
  /**
   * Whether to put up with a server that has no quorum and answers reads only. While at one, the client looks for one that takes writes,
   * and moves there. (Apache serves so where `readonlymode.enabled` and `localSessionsEnabled` are set, and refuses sessions that began
   * before; so the client gets there once its session is lost. With this option a lost session is left to expire.)
   */
  readonly readOnly?: boolean;
  /** Identities to prove on every connection, before anything else is sent. */
  readonly auth?: readonly Credential[];
  /** Who may do what with znodes that are created without an ACL of their own; everybody everything, by default. */
  readonly defaultAcl?: readonly Acl[];
  /**
   * Connects over TLS, with these options of `node:tls`: `ca` for certificates that no public authority has signed, `cert` and `key` where
   * servers want a certificate of the client.
   */
  readonly tls?: ConnectionOptions;
  /** How many requests may wait for answers before more are refused with `TooManyRequestsError`; 100,000. */
  readonly requestsOutstandingMax?: number;
  /**
   * How many watches may stand at once, one-shot and persistent, before more are refused with `TooManyWatchesError`; 100,000. Each stream of
   * values has one or two, a cache of a subtree one, but two for each znode on servers before 3.6.
   */
  readonly watchesMax?: number;
  /** The largest request that is sent; 1 MiB less one byte, which is what servers take (their `jute.maxbuffer`). */
  readonly requestSizeBytesMax?: number;
  /** The largest answer that is taken; 64 MiB. */
  readonly replySizeBytesMax?: number;
  /** Where lines for people go; nowhere by default. */
  readonly logger?: Logger;
  /** For tests and simulators; sockets otherwise. */
  readonly transport?: Transport;
  /** For tests and simulators; the process's clock and timers otherwise. */
  readonly timers?: Timers;
  /** For tests and simulators: chance, from 0 to 1 (exclusive). Names of protected znodes come from it, so it is strong by default. */
  readonly random?: () => number;
}

/** The options with nothing left open. */
export interface ClientSettings {
  readonly servers: ConnectString;
  readonly sessionTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly readOnly: boolean;
  readonly auth: readonly Credential[];
  readonly defaultAcl: readonly Acl[];
  readonly requestsOutstandingMax: number;
  readonly watchesMax: number;
  readonly requestSizeBytesMax: number;
  readonly replySizeBytesMax: number;
  readonly logger: Logger;
  readonly transport: Transport;
  readonly timers: Timers;
  readonly random: () => number;
}

const DEFAULT_SESSION_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS_MIN = 1000;
const CONNECT_TIMEOUT_MS_MAX = 5000;

/** Fills in what was left out. @throws InvalidOptionError that names the option and what it should be. */
export function settle(options: ClientOptions): ClientSettings {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidOptionError(
      'options',
      `must be an object such as { connect: '127.0.0.1:2181' }, not ${kindOf(options)}`,
    );
  }
  const servers = parseConnectString(options.connect);
  const sessionTimeoutMs = positive('sessionTimeoutMs', options.sessionTimeoutMs ?? DEFAULT_SESSION_TIMEOUT_MS);
  const random = options.random ?? strongRandom;
  return {
    servers,
    sessionTimeoutMs,
    connectTimeoutMs: positive(
      'connectTimeoutMs',
      options.connectTimeoutMs ??
        Math.min(Math.max(Math.round(sessionTimeoutMs / 4), CONNECT_TIMEOUT_MS_MIN), CONNECT_TIMEOUT_MS_MAX),
    ),
    readOnly: options.readOnly ?? false,
    auth: credentials(options.auth ?? []),
    defaultAcl: options.defaultAcl === undefined ? OPEN_ACL : checkAcl('defaultAcl', options.defaultAcl),
    requestsOutstandingMax: positive('requestsOutstandingMax', options.requestsOutstandingMax ?? 100_000),
    watchesMax: positive('watchesMax', options.watchesMax ?? 100_000),
    requestSizeBytesMax: positive('requestSizeBytesMax', options.requestSizeBytesMax ?? 0xfffff),
    replySizeBytesMax: positive('replySizeBytesMax', options.replySizeBytesMax ?? 64 * 1024 * 1024),
    logger: checkFunction('logger', options.logger ?? (() => undefined)),
    transport: options.transport ?? new TcpTransport(usable(options.tls), random),
    timers: options.timers ?? systemTimers,
    random,
  };
}

function credentials(auth: readonly Credential[]): readonly Credential[] {
  if (!Array.isArray(auth)) throw new InvalidOptionError('auth', `must be a list, not ${kindOf(auth)}`);
  return auth.map((each: Credential, at) => checkCredential(`auth.${at}`, each));
}

/** What cannot be used, such as a key that does not fit its certificate, is found now and not at each connection. */
function usable(tls: ConnectionOptions | undefined): ConnectionOptions | undefined {
  if (tls === undefined) return undefined;
  try {
    return { secureContext: createSecureContext(tls), ...tls };
  } catch (cause) {
    throw new InvalidOptionError('tls', `cannot be used: ${(cause as Error).message}`, { cause });
  }
}

/** 48 bits of the operating system's chance. */
function strongRandom(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
}
