import type { Logger } from 'pino';
import type { PlatformConfig } from './configuration/load-platform-configuration.js';
import { startEdge } from './nest-application.js';
import { buildParts, closeParts } from './platform-parts.js';
import { platformStartFailureOf } from './start-failure.js';

/** A platform that serves. */
export interface RunningPlatform {
  readonly httpPort: number;
  readonly grpcPort: number | undefined;
  /** Ends streams, hands leases over, closes ports and the session. */
  close(): Promise<void>;
}

/** Starts a platform. The ensemble may come later: until then requests are answered with 503. @throws PlatformStartError */
export async function startPlatform(config: PlatformConfig, log: Logger): Promise<RunningPlatform> {
  try {
    const parts = await buildParts(config, log);
    try {
      const edge = await startEdge(parts);
      parts.workers.start();
      tellWhere(config, edge, log);
      return {
        httpPort: edge.httpPort,
        grpcPort: edge.grpcPort,
        close: async () => {
          await edge.close();
          await closeParts(parts);
        },
      };
    } catch (error) {
      await closeParts(parts);
      throw error;
    }
  } catch (error) {
    throw platformStartFailureOf(error, config);
  }
}

function tellWhere(
  config: PlatformConfig,
  ports: { httpPort: number; grpcPort: number | undefined },
  log: Logger,
): void {
  const host = config.httpAddress.includes(':') ? `[${config.httpAddress}]` : config.httpAddress;
  if (ports.grpcPort !== undefined) log.info(`gRPC at ${config.grpcAddress}:${ports.grpcPort}`);
  if (config.tokenFile === undefined) log.info('nobody needs a token: only programs on this machine can connect');
  // The last line: whoever waits for it finds everything there.
  log.info(`platform at http://${host}:${ports.httpPort}, its documentation at http://${host}:${ports.httpPort}/docs`);
}
