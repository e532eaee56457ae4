/** Keys of Apache ZooKeeper's zoo.cfg that are no settings of Corral: which are harmless to leave out, and which are not. */

/** Accepted without effect: Corral works in another way. */
const notNeeded: readonly string[] = [
  // Disk: Corral's log syncs every acknowledged write, its tree needs no snapshots, and it purges its own log.
  'autopurge.purgeInterval',
  'autopurge.snapRetainCount',
  'commitLogCount',
  'db.autocreate',
  'flushDelay',
  'forceSnapshotSync',
  'forceSync',
  'maxBatchSize',
  'maxWriteQueuePollTime',
  'preAllocSize',
  'snapCount',
  'snapSizeLimitInKb',
  'snapshot.compression.method',
  'snapshot.trust.empty',
  'snapshotSizeFactor',
  'txnLogSizeLimitInKb',
  // Threads, buffers and caches of the Java server.
  'bitHashCacheSize',
  'clientPortListenBacklog',
  'clientTcpKeepAlive',
  'commitProcessor.*',
  'intBufferStartingSizeBytes',
  'jmx.*',
  'jute.maxbuffer.extrasize',
  'jvm.pause.*',
  'learner.*',
  'leader.*',
  'maxGetChildrenResponseCacheSize',
  'maxInProcessingDeadWatchers',
  'maxResponseCacheSize',
  'messageTracker.*',
  'netty.*',
  'advancedFlowControlEnabled',
  'nio.*',
  'pathStats.*',
  'request_throttler.shutdownTimeout',
  'serverCnxnFactory',
  'tcpKeepAlive',
  'watchManagerName',
  'watcherClean*',
  // Checks of Apache's own consistency.
  'closeSessionTxn.enabled',
  'digest.enabled',
  'enableEagerACLCheck',
  // Throttling of another shape: see clients.outstandingRequestsMax and clients.connections...Max.
  'connection_throttle_*',
  'largeRequest*',
  'requestThrottle*',
  'requestStale*',
  'request_stale_*',
  'request_throttle_*',
  'throttled_op_wait_time',
  'throttledOpWaitTime',
  // Its metrics are at /metrics of the admin port, always.
  'metricsProvider.*',
  // Its admin HTTP has one address and no TLS.
  'admin.commandURL',
  'admin.httpVersion',
  'admin.idleTimeout',
  'admin.portUnification',
  // Ensembles.
  'connectToLearnerMasterLimit',
  'electionPortBindRetry',
  'fastleader.*',
  'follower.*',
  'forward_learner_requests_to_commit_processor_disabled',
  'leaderConnectDelayDuringRetryMs',
  'localSessionsEnabled',
  'localSessionsUpgradingEnabled',
  'maxConcurrentDiffSyncs',
  'maxConcurrentSnapSyncs',
  'maxTimeToWaitForEpoch',
  'multiAddress.*',
  'observer.*',
  'observerMaster.*',
  'observerMasterPort',
  'oraclePath',
  'quorum.*',
  'quorumCnxnTimeoutMs',
  'reconfigEnabled',
  'standaloneEnabled',
  'syncEnabled',
  'version',
];

/** Accepted, but the operator loses something that he may count on. The start says what. */
const notServed: Readonly<Record<string, string>> = {
  secureClientPort: 'clients cannot connect by TLS; this port is not opened',
  secureClientPortAddress: 'clients cannot connect by TLS',
  'client.portUnification': 'clients cannot connect by TLS',
  'ssl.*': 'clients cannot connect by TLS',
  sslQuorum: 'members cannot connect by TLS',
  'sslQuorum*': 'members cannot connect by TLS',
  portUnification: 'members cannot connect by TLS',
  'admin.forceHttps': 'the admin pages are plain HTTP',
  'authProvider.*': 'only the schemes world, auth, digest and ip exist; ACLs of other schemes are refused',
  'kerberos.*': 'there is no SASL',
  'X509AuthenticationProvider.*': 'there is no x509 scheme',
  'audit.*': 'no audit log is written',
  emulate353TTLNodes: 'TTL znodes are those of 3.5.4 and later',
  superUser: 'only the superuser of the digest scheme exists',
  'znode.container.maxNeverUsedIntervalMs': 'a container that never had a child stays',
  ensembleAuthName: 'the ensemble scheme does not exist',
};

/** A lock that the file asks for and Corral does not have. Ignoring it would leave a door open, so it stops the start unless it has this value. */
const mustBe: Readonly<Record<string, { readonly value: string; readonly otherwise: string }>> = {
  'enforce.auth.enabled': { value: 'false', otherwise: 'this version cannot refuse clients that do not authenticate' },
  sessionRequireClientSASLAuth: { value: 'false', otherwise: 'this version has no SASL' },
  'DigestAuthenticationProvider.digestAlg': { value: 'SHA1', otherwise: 'this version knows SHA1 only' },
  'DigestAuthenticationProvider.enabled': {
    value: 'true',
    otherwise: 'this version cannot switch the digest scheme off',
  },
};

/** What Apache's key means to Corral. */
export type ApacheKeyVerdict =
  | { readonly kind: 'not-needed' }
  | { readonly kind: 'not-served'; readonly consequence: string }
  | { readonly kind: 'must-be'; readonly value: string; readonly otherwise: string }
  | { readonly kind: 'unknown' };

/** Looks a key up that is no setting; `key` comes without the prefix `zookeeper.`. */
export function judgeApacheKey(key: string): ApacheKeyVerdict {
  // Which schemes are enforced matters only while enforcing is on, and that is refused.
  if (key === 'enforce.auth.schemes') return { kind: 'not-needed' };
  const required = Object.hasOwn(mustBe, key) ? mustBe[key] : undefined;
  if (required !== undefined) return { kind: 'must-be', ...required };
  const loss = Object.keys(notServed).find((pattern) => matches(pattern, key));
  if (loss !== undefined) return { kind: 'not-served', consequence: notServed[loss] ?? '' };
  return notNeeded.some((pattern) => matches(pattern, key)) ? { kind: 'not-needed' } : { kind: 'unknown' };
}

function matches(pattern: string, key: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}
