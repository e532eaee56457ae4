import type { ErrorCode, Stat } from '@corral/model';
import type { MultiOperation } from './ops.js';

/** What this module asks of a client. `Client` of `@corral/client` is one; a wrapper that counts or fails calls is another. */
export interface ConfigClient {
  readonly state: string;
  readonly sessionId: bigint;
  onState(listener: (state: string) => void): () => void;
  create(path: string, data?: Uint8Array | string | null, options?: CreateOptions): Promise<string>;
  getOrUndefined(path: string, call?: Call): Promise<Znode | undefined>;
  exists(path: string, call?: Call): Promise<Stat | undefined>;
  set(path: string, data: Uint8Array | string | null, options?: { version?: number } & Call): Promise<Stat>;
  delete(path: string, options?: { version?: number } & Call): Promise<void>;
  children(path: string, call?: Call): Promise<string[]>;
  multi(operations: readonly MultiOperation[], call?: Call): Promise<unknown>;
  multiRead(reads: readonly { type: 'get'; path: string }[], call?: Call): Promise<readonly ReadResult[]>;
  watchData(path: string, call?: Call): AsyncIterable<Znode | undefined>;
}

/** A znode's data and what is known of it. */
export interface Znode {
  readonly data: Buffer;
  readonly stat: Stat;
}

/** What one read of a multiRead gave. */
export type ReadResult =
  | ({ readonly type: 'get' } & Znode)
  | { readonly type: 'children' }
  | { readonly type: 'error'; readonly error: Error };

interface Call {
  readonly signal?: AbortSignal;
}

interface CreateOptions extends Call {
  readonly mode?: 'persistent' | 'ephemeral';
}

/** Whether an error is the server's (or the client's) refusal with this code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === code;
}

/** Options with a signal only when there is one. */
export function withSignal(signal: AbortSignal | undefined): Call {
  return signal === undefined ? {} : { signal };
}
