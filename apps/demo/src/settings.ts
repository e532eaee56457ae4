/** What the environment tells every service of the mesh. */
import { InvalidOptionError, parseConnectString } from '@corral/client';
import type { CorralOptions } from '@corral/nest';
import { DemoError } from './demo-error.js';

/** Where the demo's services find what they need. All of it has a default that fits `npm start`. */
export const settings = {
  /** The ensemble, Corral's or Apache's. */
  connect: connectOf(process.env['CORRAL_CONNECT'] ?? '127.0.0.1:2181'),
  /** What a service listens on. Loopback until you say otherwise; in a container 0.0.0.0. */
  host: process.env['DEMO_HOST'] ?? '127.0.0.1',
  /** The port; 0 takes any that is free, and the registry tells the others which. */
  port: (byDefault: number): number => portOf(process.env['DEMO_PORT'] ?? String(byDefault)),
  /** Where a local copy of the configuration is kept; in memory only when absent. */
  directory: process.env['DEMO_DIRECTORY'],
};

/** The namespace of all configuration of the demo. */
export const NAMESPACE = 'shop';

/** What all services of the mesh have in common: where the ensemble is, and soon noticing that one has died. */
export function corralOptions(): CorralOptions {
  return { connect: settings.connect, sessionTimeoutMs: 4000 };
}

function connectOf(text: string): string {
  try {
    parseConnectString(text);
    return text;
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error;
    throw new DemoError(error.message.replace(/^connect/, 'CORRAL_CONNECT'), { cause: error });
  }
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new DemoError(`DEMO_PORT: ${JSON.stringify(text)}; allowed: an integer from 0 to 65535`);
}
