/** An identity to prove on every connection. */
export interface Credential {
  /** `digest`, `x509`, `sasl`, … */
  readonly scheme: string;
  /** What the scheme wants: `user:password` for a digest. */
  readonly data: string | Uint8Array;
}

interface Entry {
  readonly credential: Credential;
  /** Whether the client is of no use without it: it was given as an option. */
  readonly essential: boolean;
  /** Who waits for the server's word on it. */
  settle: ((error: Error | undefined) => void) | undefined;
}

/** The credentials of a client, and which of them the server is being asked about. Answers come in the order of the questions. */
export class Credentials {
  readonly #entries: Entry[];
  #underWay: Entry[] = [];

  constructor(essential: readonly Credential[]) {
    this.#entries = essential.map((credential) => ({ credential, essential: true, settle: undefined }));
  }

  /** One more, to be sent on every connection. `settle` is called once, when the server has accepted or refused it. */
  add(credential: Credential, settle: (error: Error | undefined) => void): Entry {
    const entry: Entry = { credential, essential: false, settle };
    this.#entries.push(entry);
    return entry;
  }

  all(): readonly Entry[] {
    return this.#entries;
  }

  /** Whether the server's word on one is awaited. */
  get isAsking(): boolean {
    return this.#underWay.length > 0;
  }

  sent(entry: Entry): void {
    this.#underWay.push(entry);
  }

  /** The server accepts the oldest credential under way, or refuses it with this error. Answers with whether that is fatal. */
  answered(error: Error | undefined): boolean {
    const entry = this.#underWay.shift();
    if (entry === undefined) return false;
    const { settle } = entry;
    entry.settle = undefined;
    if (error !== undefined) this.#entries.splice(this.#entries.indexOf(entry), 1);
    settle?.(error);
    return error !== undefined && entry.essential;
  }

  /** The connection is gone; all will be sent again on the next. */
  connectionLost(): void {
    this.#underWay = [];
  }

  /** Nothing will be sent any more. */
  close(error: Error): void {
    for (const entry of this.#entries) entry.settle?.(error);
    this.#entries.length = 0;
  }
}

/** The bytes of a credential. */
export function credentialBytes({ data }: Credential): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
}
