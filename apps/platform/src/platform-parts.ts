/** The plain objects that a platform is made of, built in order and taken down in the opposite one. */
import { ConfigStore, HostedSubscribers, KeyRing } from '@corral/live-config';
import type { Logger } from 'pino';
import { ConfigFeeds } from './config/config-feeds.js';
import { ConfigService } from './config/config-service.js';
import { SpringService } from './config/spring-service.js';
import type { PlatformConfig } from './configuration/load-platform-configuration.js';
import { Ensemble } from './ensemble/ensemble.js';
import { RateLimiter } from './http/rate-limiter.js';
import { libraryLogger } from './logging/log.js';
import { PlatformMetrics } from './metrics/platform-metrics.js';
import { RegistryFeeds } from './registry/registry-feeds.js';
import { RegistryService } from './registry/registry-service.js';
import { Authenticator } from './security/authenticator.js';
import { OPEN_STORE, TokenFileStore, type TokenStore } from './security/token-store.js';
import { OpenStreams } from './streams/open-streams.js';
import { Workers } from './workers/workers.js';

/** Everything that requests are answered with. */
export interface PlatformParts {
  readonly config: PlatformConfig;
  readonly log: Logger;
  readonly tokens: TokenStore;
  readonly authenticator: Authenticator;
  readonly reads: RateLimiter;
  readonly writes: RateLimiter;
  readonly metrics: PlatformMetrics;
  readonly streams: OpenStreams;
  readonly ensemble: Ensemble;
  readonly configService: ConfigService;
  readonly springService: SpringService;
  readonly configFeeds: ConfigFeeds;
  readonly registryService: RegistryService;
  readonly registryFeeds: RegistryFeeds;
  readonly workers: Workers;
}

const DEFAULT_CONNECT = '127.0.0.1:2181';

/** Builds the parts; the connection to the ensemble is begun, nothing listens yet. @throws TokenFileError, KeyRingError */
export async function buildParts(config: PlatformConfig, log: Logger): Promise<PlatformParts> {
  const keys = await openKeys(config);
  const tokens =
    config.tokenFile === undefined ? OPEN_STORE : new TokenFileStore(config.tokenFile, libraryLogger(log, 'tokens'));
  const streams = new OpenStreams(config.streamsMax, (caller) => tokens.isCurrent(caller));
  tokens.onChange(() => streams.recheck());
  const metrics = new PlatformMetrics();
  const ensemble = Ensemble.open({
    connect: config.connect ?? DEFAULT_CONNECT,
    sessionTimeoutMs: config.sessionTimeoutMs,
    logger: libraryLogger(log, 'ensemble'),
  });
  const logger = libraryLogger(log, 'config');
  const store = new ConfigStore(ensemble.client, { root: config.configRoot, keys, logger });
  const hosted = new HostedSubscribers(ensemble.client, { root: config.configRoot, logger });
  const configFeeds = new ConfigFeeds(ensemble, { root: config.configRoot, keys, logger });
  const registryService = new RegistryService(ensemble, {
    root: config.registryRoot,
    payload: config.registryPayload,
    logger: libraryLogger(log, 'registry'),
  });
  const registryFeeds = new RegistryFeeds(registryService.registry);
  const workers = new Workers({ config, ensemble, store, registryService, log });
  metrics.connect({
    ensembleConnected: () => ensemble.isConnected,
    streamsOpen: () => streams.count,
    servicesWatched: () => registryFeeds.size,
    configurationsWatched: () => configFeeds.size,
  });
  return {
    config,
    log,
    tokens,
    authenticator: new Authenticator(tokens),
    reads: new RateLimiter(config.readsPerSecondMax),
    writes: new RateLimiter(config.writesPerSecondMax),
    metrics,
    streams,
    ensemble,
    configService: new ConfigService(store, hosted, ensemble),
    springService: new SpringService(config, ensemble, store),
    configFeeds,
    registryService,
    registryFeeds,
    workers,
  };
}

/** Hands leases over and closes the connection, once no requests come any more. */
export async function closeParts(parts: PlatformParts): Promise<void> {
  parts.tokens.close();
  await parts.workers.stop();
  parts.registryFeeds.close();
  parts.configFeeds.close();
  parts.configService.hosted.close();
  await parts.registryService.close();
  await parts.ensemble.close();
}

/** The keys of a file, or of the environment. */
async function openKeys({ keyFile }: PlatformConfig): Promise<KeyRing | undefined> {
  return keyFile === undefined ? KeyRing.fromEnvironment(process.env) : KeyRing.fromFile(keyFile);
}
