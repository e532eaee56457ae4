import type { LogFields, Logger } from '@corral/primitives';
import type { LoggerService } from '@nestjs/common';

/** Corral's log lines in Nest's log: fields follow the message as `key=value`. */
export function loggerInto(nest: LoggerService): Logger {
  return (level, message, fields) => {
    const line = `${message}${fields === undefined ? '' : textOf(fields)}`;
    if (level === 'info') nest.log(line);
    else if (level === 'debug') nest.debug?.(line);
    else nest[level](line);
  };
}

function textOf(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${typeof value === 'string' ? JSON.stringify(value) : String(value)}`)
    .join('');
}
