import { randomUUID } from 'node:crypto';

/** Letters, digits and a few marks: nothing that could forge a log line or a header. */
const SANE = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/** The caller's id of the request when it is sane, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && SANE.test(header) ? header : randomUUID();
}
