/** Starts Apache ZooKeeper: as Debian packages it, or any version whose jars lie in a folder that the environment names. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RunningServer } from './running-server.js';
import type { ServerOptions } from './server-options.js';
import { prepareWorkplace } from './workplace.js';

/** Where Debian puts jars; another place can be named, for other distributions. */
const JAR_DIRECTORY = process.env['CORRAL_JAVA_JARS'] ?? '/usr/share/java';

/** `zookeeper.jar` names all others that it needs, except what netty needs (for TLS) and the logger to use. */
const JARS = ['zookeeper.jar', 'netty-codec.jar', 'netty-resolver.jar', 'slf4j-simple.jar'];

/** A folder with the jars of another version and of all that it needs, to be tried by hand. */
const OTHER_JAR_DIRECTORY = process.env['CORRAL_ZOOKEEPER_JARS'];

const ZOOKEEPER_JAR = /^zookeeper-(\d+)\.(\d+)\.(\d+)\S*\.jar$/;

/** The jar whose name tells the version. */
function versionedJar(): string | undefined {
  const directory = OTHER_JAR_DIRECTORY ?? JAR_DIRECTORY;
  return existsSync(directory) ? readdirSync(directory).find((name) => ZOOKEEPER_JAR.test(name)) : undefined;
}

/** Whether the version of Apache ZooKeeper that is started here is this one or a later one. */
export function isApacheSince(major: number, minor: number): boolean {
  const [, ownMajor, ownMinor] = ZOOKEEPER_JAR.exec(versionedJar() ?? '') ?? [];
  return Number(ownMajor) > major || (Number(ownMajor) === major && Number(ownMinor) >= minor);
}

/** Why Apache ZooKeeper cannot be started here, or `undefined` when it can. */
export function whyNoApache(): string | undefined {
  if (OTHER_JAR_DIRECTORY !== undefined) {
    if (versionedJar() === undefined)
      return `CORRAL_ZOOKEEPER_JARS: there is no zookeeper-*.jar in ${OTHER_JAR_DIRECTORY}`;
  } else {
    const missing = JARS.find((jar) => !existsSync(join(JAR_DIRECTORY, jar)));
    if (missing !== undefined) return `${join(JAR_DIRECTORY, missing)} is missing (Debian: apt-get install zookeeper)`;
  }
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
  } catch {
    return 'java is missing (Debian: apt-get install default-jre-headless)';
  }
  return undefined;
}

function classPath(): string {
  if (OTHER_JAR_DIRECTORY !== undefined) return join(OTHER_JAR_DIRECTORY, '*');
  return JARS.map((jar) => join(JAR_DIRECTORY, jar)).join(':');
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
      classPath(),
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
