/** Starts Apache ZooKeeper as Debian packages it. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunningServer } from './running-server.js';
import type { ServerOptions } from './server-options.js';
import { prepareWorkplace } from './workplace.js';

/** Where Debian puts jars; another place can be named, for other distributions. */
const JAR_DIRECTORY = process.env['CORRAL_JAVA_JARS'] ?? '/usr/share/java';

/** `zookeeper.jar` names all others that it needs, except what netty needs (for TLS) and the logger to use. */
const JARS = ['zookeeper.jar', 'netty-codec.jar', 'netty-resolver.jar', 'slf4j-simple.jar'];

/** Why Apache ZooKeeper cannot be started here, or `undefined` when it can. */
export function whyNoApache(): string | undefined {
  const missing = JARS.find((jar) => !existsSync(join(JAR_DIRECTORY, jar)));
  if (missing !== undefined) return `${join(JAR_DIRECTORY, missing)} is missing (Debian: apt-get install zookeeper)`;
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
  } catch {
    return 'java is missing (Debian: apt-get install default-jre-headless)';
  }
  return undefined;
}

/** Starts a standalone Apache ZooKeeper and returns when it serves. */
export async function startApache(options: ServerOptions = {}): Promise<RunningServer> {
  const place = await prepareWorkplace(options, 'apache');
  const properties = {
    'org.slf4j.simpleLogger.showDateTime': 'true',
    'org.slf4j.simpleLogger.dateTimeFormat': 'HH:mm:ss.SSS',
    ...options.javaProperties,
  };
  return RunningServer.start({
    kind: 'apache',
    command: 'java',
    arguments: [
      '-XX:+UseSerialGC',
      ...Object.entries(properties).map(([key, value]) => `-D${key}=${value}`),
      ...(options.javaArguments ?? []),
      '-cp',
      JARS.map((jar) => join(JAR_DIRECTORY, jar)).join(':'),
      'org.apache.zookeeper.server.quorum.QuorumPeerMain',
      place.configFile,
    ],
    environment: process.env,
    directory: place.directory,
    clientPort: place.clientPort,
    adminPort: place.adminPort,
    startTimeoutMs: options.startTimeoutMs ?? 30_000,
    release: place.release,
  });
}
