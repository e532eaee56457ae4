import type { LogFields, Logger as LibraryLogger } from '@corral/primitives';
import { pino, type Logger } from 'pino';
import { textLines } from './text-lines.js';

/** How logs are written. */
export interface LogOptions {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'json' | 'text';
}

/** The platform's log on standard output. */
export function openLog({ level, format }: LogOptions): Logger {
  const options = { level, base: null };
  const destination = format === 'text' ? textLines((line) => process.stdout.write(line)) : process.stdout;
  return pino({ ...options, formatters: { level: (label) => ({ level: label }) } }, destination);
}

/** A pino log in the shape that the libraries take. */
export function libraryLogger(log: Logger, component: string): LibraryLogger {
  const child = log.child({ component });
  return (level, message, fields?: LogFields) => child[level](plain(fields), message);
}

/** JSON has no 64-bit integers. */
function plain(fields: LogFields = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'bigint' ? `0x${value.toString(16)}` : value]),
  );
}
