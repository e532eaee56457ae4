import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The ZooKeeper release whose behaviour clients and scripts can count on. */
export const ZOOKEEPER_VERSION = '3.8.0';

/** Corral's own version. */
export const CORRAL_VERSION = readVersion();

/**
 * The version as four-letter words print it: ZooKeeper's in front, because clients compare it, then ours.
 * The time is that of the build.
 */
export function fullVersion(): string {
  const built = statSync(fileURLToPath(import.meta.url)).mtime.toISOString();
  return `${ZOOKEEPER_VERSION}-corral-${CORRAL_VERSION}, built on ${built.slice(0, 10)} ${built.slice(11, 16)} UTC`;
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
