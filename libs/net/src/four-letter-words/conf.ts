import type { WordContext } from './four-letter-word.js';

/** The configuration in ZooKeeper's own names. */
export function answerConf({ facts }: WordContext): string {
  const { configuration } = facts;
  const { dataBytes, logBytes } = facts.directorySizes();
  return [
    `clientPort=${configuration.clientPort}`,
    // There is no second port for TLS.
    'secureClientPort=-1',
    `dataDir=${configuration.dataDirectory}`,
    `dataDirSize=${dataBytes}`,
    `dataLogDir=${configuration.logDirectory}`,
    `dataLogSize=${logBytes}`,
    `tickTime=${configuration.tickMs}`,
    `maxClientCnxns=${configuration.connectionsPerAddressMax}`,
    `minSessionTimeout=${configuration.sessionTimeoutMsMin}`,
    `maxSessionTimeout=${configuration.sessionTimeoutMsMax}`,
    // Not to be configured; Apache prints this when the file leaves it open.
    'clientPortListenBacklog=-1',
    `serverId=${configuration.serverId}`,
    '',
  ].join('\n');
}

/** Bytes on disk. */
export function answerDirs({ facts }: WordContext): string {
  const { dataBytes, logBytes } = facts.directorySizes();
  return `datadir_size: ${dataBytes}\nlogdir_size: ${logBytes}\n`;
}

/** Where the server runs. */
export function answerEnvi({ facts }: Pick<WordContext, 'facts'>): string {
  const lines = [['zookeeper.version', facts.version] as const, ...facts.environment()];
  return `Environment:\n${lines.map(([key, value]) => `${key}=${value}\n`).join('')}`;
}
