import { KeyRingError } from '@corral/live-config';
import type { PlatformConfig } from './configuration/load-platform-configuration.js';
import { TokenFileError } from './security/token-file.js';

/** The platform could not start, for a reason that a person can do something about. */
export class PlatformStartError extends Error {
  override readonly name = 'PlatformStartError';
}

/** Turns what went wrong into a sentence for the person at the terminal; a bug comes back as it is, with its stack. */
export function platformStartFailureOf(error: unknown, config: PlatformConfig): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof TokenFileError || error instanceof KeyRingError) {
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return new PlatformStartError(error.message + cause, { cause: error });
  }
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  const where = `${address ?? config.httpAddress}:${port ?? config.httpPort}`;
  const sentence = sentenceFor(code, where);
  return sentence === undefined ? error : new PlatformStartError(sentence, { cause: error });
}

function sentenceFor(code: string | undefined, where: string): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `${where} is taken: another program listens there`;
    case 'EADDRNOTAVAIL':
      return `${where} is not an address of this machine`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${where}: the host name has no address`;
    case 'EACCES':
      return `${where}: permission denied`;
    default:
      return undefined;
  }
}
