import { KeyRingError } from '@corral/live-config';
import { systemFaultInWords } from '@corral/primitives';
import type { PlatformConfig } from './configuration/load-platform-configuration.js';
import { GrpcBindError } from './grpc/grpc-transport.js';
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
  const fault = error instanceof GrpcBindError ? error.fault : error;
  const sentence = systemFaultInWords(fault, `${config.httpAddress}:${config.httpPort}`);
  if (sentence !== undefined) return new PlatformStartError(sentence, { cause: error });
  return error instanceof GrpcBindError ? new PlatformStartError(error.message, { cause: error }) : error;
}
