import {
  Client,
  ConnectionLossError,
  type Credential,
  InvalidOptionError,
  InvalidPathError,
  NoNodeError,
  NotEmptyError,
  RequestTooLargeError,
  ServerError,
  SessionExpiredError,
} from '@corral/client';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CommandFailedError, UsageError } from './command.js';

/** The server when none is named. */
const DEFAULT_SERVER = '127.0.0.1:2181';

/** How long a person waits for a server before something is said. */
const CONNECT_TIMEOUT_MS = 5000;

/** The options that every command about znodes takes. */
const SHARED = {
  server: { type: 'string', short: 's' },
  auth: { type: 'string', multiple: true },
  'read-only': { type: 'boolean' },
} as const;

/** What `corral help` says about them. */
export const SHARED_DETAILS = [
  '  -s, --server HOSTS   the ensemble, as HOST:PORT,HOST:PORT and then a path, if',
  `                       its znode is to be the root; ${DEFAULT_SERVER} by default`,
  '  --auth SCHEME:DATA   an identity, as digest:user:password; may be repeated',
  '  --read-only          accept a member without a quorum, which refuses writes:',
  '                       what it has may be old',
].join('\n');

type Options = NonNullable<ParseArgsConfig['options']>;

/** A command line about a znode, taken apart. */
export interface ZnodeArguments {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
}

/** Takes the arguments apart, the shared ones included. */
export function parseZnodeArguments(args: readonly string[], options: Options): ZnodeArguments {
  return parseArgs({ args: [...args], options: { ...SHARED, ...options }, allowPositionals: true });
}

/** The path that a command is about, and that it has no more arguments than it takes. */
export function pathOf({ positionals }: ZnodeArguments, name: string, argumentsMax = 1): string {
  const [path] = positionals;
  if (path === undefined) throw new UsageError(`say which znode: corral ${name} /path`);
  if (positionals.length > argumentsMax) {
    throw new UsageError(`${name} takes ${argumentsMax === 1 ? 'one path' : `a path and ${argumentsMax - 1} more`}`);
  }
  return path;
}

/** A whole number behind a flag. */
export function numberOf(flag: string, value: ZnodeArguments['values'][string]): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^\d{1,15}$/.test(value)) {
    throw new UsageError(`${flag} takes a number, not ${JSON.stringify(value)}`);
  }
  return Number(value);
}

/** Runs with a client that is connected, and closes it. What servers and networks refuse becomes a sentence. */
export async function withClient<T>({ values }: ZnodeArguments, run: (client: Client) => Promise<T>): Promise<T> {
  const server = typeof values['server'] === 'string' ? values['server'] : DEFAULT_SERVER;
  const client = await connect(server, credentialsOf(values['auth']), values['read-only'] === true);
  try {
    return await run(client);
  } catch (error) {
    throw inWords(error);
  } finally {
    await client.close();
  }
}

async function connect(server: string, auth: readonly Credential[], readOnly: boolean): Promise<Client> {
  try {
    return await Client.connect(
      { connect: server, auth, readOnly },
      { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) },
    );
  } catch (error) {
    if (error instanceof InvalidOptionError) throw new UsageError(error.message.replace(/^connect/, '--server'));
    if (!(error instanceof DOMException)) throw inWords(error);
    throw new CommandFailedError(`no server answers at ${server}; is one running? (corral serve)`, { cause: error });
  }
}

function credentialsOf(values: ZnodeArguments['values'][string]): Credential[] {
  return (Array.isArray(values) ? values : []).map((value) => {
    const [, scheme, data] = /^([^:]+):(.*)$/s.exec(String(value)) ?? [];
    if (scheme === undefined || data === undefined) {
      throw new UsageError(
        `--auth takes a scheme and its data, such as digest:user:password, not ${JSON.stringify(value)}`,
      );
    }
    return { scheme, data };
  });
}

/** Errors whose messages say what a person needs to know. */
const IN_WORDS = [ServerError, ConnectionLossError, SessionExpiredError, RequestTooLargeError];

function inWords(error: unknown): unknown {
  if (error instanceof InvalidPathError) return new UsageError(error.message);
  if (error instanceof NotEmptyError) {
    return new CommandFailedError(`${error.message} (--recursive deletes them too)`, { cause: error });
  }
  if (error instanceof NoNodeError && error.operation.startsWith('create')) {
    return new CommandFailedError(`create ${error.path}: its parent does not exist (--parents creates it)`, {
      cause: error,
    });
  }
  return IN_WORDS.some((known) => error instanceof known)
    ? new CommandFailedError((error as Error).message, { cause: error })
    : error;
}
