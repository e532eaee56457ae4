import { readdirSync, readFileSync, statSync } from 'node:fs';
import { freemem, hostname, release, totalmem, type as osType, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ConfigurationFacts, DirectorySizes, FileDescriptors, ServerFacts } from '@corral/net';
import type { CoordinatorConfig } from '../configuration/coordinator-config.js';
import { CORRAL_VERSION, fullVersion } from '../version.js';

const BYTES_PER_MB = 1_048_576;

/** Gathers what four-letter words and admin pages tell about this process. Sizes and files are looked at when asked. */
export function serverFactsOf(config: CoordinatorConfig, clientPort: () => number): ServerFacts {
  return {
    version: fullVersion(),
    startedAtMs: Date.now(),
    get configuration(): ConfigurationFacts {
      return { ...config, clientPort: clientPort(), serverId: config.ensemble?.serverId ?? 0 };
    },
    directorySizes: () => directorySizes(config),
    openFiles,
    environment,
  };
}

function directorySizes({ dataDirectory, logDirectory }: CoordinatorConfig): DirectorySizes {
  const dataBytes = sizeOf(dataDirectory);
  return { dataBytes, logBytes: logDirectory === dataDirectory ? dataBytes : sizeOf(logDirectory) };
}

/** Bytes of the files below a directory; what disappears meanwhile does not count. */
function sizeOf(directory: string): number {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((total, entry) => total + fileSize(join(entry.parentPath, entry.name)), 0);
  } catch {
    return 0;
  }
}

function fileSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function openFiles(): FileDescriptors {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return { open: readdirSync('/proc/self/fd').length, max: limit === undefined ? -1 : Number(limit) };
  } catch {
    // Only Linux tells by files.
    return { open: -1, max: -1 };
  }
}

/** ZooKeeper's keys where Node knows the answer, and Node's and ours in place of Java's. */
function environment(): (readonly [string, string])[] {
  const { heapTotal, heapUsed } = process.memoryUsage();
  const user = currentUser();
  return [
    ['corral.version', CORRAL_VERSION],
    ['host.name', hostname()],
    ['node.version', process.versions.node],
    ['node.v8.version', process.versions.v8],
    ['node.execPath', process.execPath],
    ['os.name', osType()],
    ['os.arch', process.arch === 'x64' ? 'amd64' : process.arch],
    ['os.version', release()],
    ['user.name', user.username],
    ['user.home', user.homedir],
    ['user.dir', process.cwd()],
    ['os.memory.free', `${Math.floor(freemem() / BYTES_PER_MB)}MB`],
    ['os.memory.max', `${Math.floor(totalmem() / BYTES_PER_MB)}MB`],
    ['os.memory.total', `${Math.floor(heapTotal / BYTES_PER_MB)}MB`],
    ['node.memory.used', `${Math.floor(heapUsed / BYTES_PER_MB)}MB`],
  ];
}

function currentUser(): { username: string; homedir: string } {
  try {
    return userInfo();
  } catch {
    // In a container the user id may have no entry.
    return { username: `uid ${process.getuid?.() ?? -1}`, homedir: process.env['HOME'] ?? '/' };
  }
}
