/** Writes the `zoo.cfg` that both servers are started from. */
import { createHash } from 'node:crypto';
import type { ServerOptions } from './server-options.js';

/** The text of the file; lines of the caller come last, and a later line of the same key wins over ours. */
export function zooCfg(options: ServerOptions, dataDirectory: string, clientPort: number, adminPort: number): string {
  const settings = new Map<string, string>([
    ['tickTime', '2000'],
    ['dataDir', dataDirectory],
    ['clientPort', String(clientPort)],
    ['clientPortAddress', '127.0.0.1'],
    ['maxClientCnxns', '0'],
    ['4lw.commands.whitelist', '*'],
    ['admin.enableServer', String(options.admin ?? false)],
    ['admin.serverAddress', '127.0.0.1'],
    ['admin.serverPort', String(adminPort)],
  ]);
  if (options.superDigest !== undefined) {
    settings.set('DigestAuthenticationProvider.superDigest', options.superDigest);
  }
  for (const line of options.configLines ?? []) {
    const equals = line.indexOf('=');
    if (equals < 1) throw new Error(`a line of zoo.cfg is key=value: ${line}`);
    settings.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  return [...settings].map(([key, value]) => `${key}=${value}\n`).join('');
}

/** The digest that ZooKeeper's `digest` scheme derives from `user:password`. */
export function digestOf(user: string, password: string): string {
  return `${user}:${createHash('sha1').update(`${user}:${password}`).digest('base64')}`;
}
