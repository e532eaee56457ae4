import { readFileSync } from 'node:fs';

/** The platform's version. */
export const PLATFORM_VERSION = readVersion();

function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
