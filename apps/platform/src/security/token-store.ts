import type { Logger } from '@corral/primitives';
import { timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { type Caller, EVERYBODY } from './access.js';
import { parseTokenFile, type TokenEntry, TokenFileError } from './token-file.js';
import { hashToken } from './token-hash.js';

/** How often the file is looked at. A look costs one system call. */
const LOOK_MS = 1_000;

/** Knows who shows a token. */
export interface TokenStore {
  /** Whether a token must be shown at all. */
  readonly isOpen: boolean;
  /** Whose token it is; `undefined`: nobody's. */
  find(token: string): Caller | undefined;
  /** Whether somebody who was found is still known, with the same grants. */
  isCurrent(caller: Caller): boolean;
  /** Calls the listener when somebody may not be current any more. */
  onChange(listener: () => void): void;
  close(): void;
}

/** Where nobody needs a token. */
export const OPEN_STORE: TokenStore = {
  isOpen: true,
  find: () => EVERYBODY,
  isCurrent: () => true,
  onChange: () => undefined,
  close: () => undefined,
};

/** The tokens of a file, read again when it changes. A change that cannot be read is logged and the old tokens stay. */
export class TokenFileStore implements TokenStore {
  readonly isOpen = false;
  readonly #file: string;
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout;
  #entries: readonly TokenEntry[];
  #seen: string;
  #changed: () => void = () => undefined;

  /** @throws TokenFileError when there is nothing to begin with. */
  constructor(file: string, log: Logger) {
    this.#file = file;
    this.#log = log;
    this.#seen = stampOf(file);
    this.#entries = readEntries(file);
    this.#timer = setInterval(() => this.refresh(), LOOK_MS).unref();
  }

  find(token: string): Caller | undefined {
    const hash = hashToken(token);
    let found: TokenEntry | undefined;
    // Every entry is compared, so that the time tells nothing about where one was found.
    for (const entry of this.#entries) if (timingSafeEqual(entry.hash, hash)) found = entry;
    return found;
  }

  isCurrent(caller: Caller): boolean {
    return this.#entries.some((entry) => entry === caller);
  }

  onChange(listener: () => void): void {
    this.#changed = listener;
  }

  /** Reads the file again if it is another than it was. */
  refresh(): void {
    const stamp = stampOf(this.#file);
    if (stamp === this.#seen) return;
    this.#seen = stamp;
    try {
      this.#entries = keepKnown(this.#entries, readEntries(this.#file));
      this.#changed();
      this.#log('info', 'token file read again', { tokens: this.#entries.length });
    } catch (error) {
      this.#log('error', 'the token file changed and cannot be used; the tokens before the change stay', {
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

/** What changes when the file does, also when another file is put in its place. */
function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? 'absent' : `${stat.ino}:${stat.size}:${stat.mtimeNs}`;
}

/** Entries that have not changed stay the same objects: those are the callers that streams are open for. */
function keepKnown(known: readonly TokenEntry[], entries: readonly TokenEntry[]): TokenEntry[] {
  const textOf = ({ name, hash, grants }: TokenEntry): string => JSON.stringify([name, hash.toString('hex'), grants]);
  const byText = new Map(known.map((entry) => [textOf(entry), entry]));
  return entries.map((entry) => byText.get(textOf(entry)) ?? entry);
}

function readEntries(file: string): TokenEntry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new TokenFileError(file, undefined, 'cannot be read', { cause });
  }
  return parseTokenFile(file, text);
}
