import { ErrorCode, OpCode, type SetWatchesRequest } from '@corral/model';
import { writeAuthRequest, writeSetWatches2Request, writeSetWatchesRequest, Xid } from '@corral/wire';
import { errorOfCode } from '../errors/error-of-code.js';
import { needsSetWatches2 } from '../watches/rearm.js';
import { type Credential, credentialBytes, Credentials } from './credentials.js';
import type { Link } from './link.js';

/** What a primer tells. */
export interface PrimerEvents {
  /** Everything that was sent is answered: the connection is ready. */
  readonly primed: () => void;
  /** The server refuses a credential. `fatal`: one without which the client is of no use. */
  readonly refused: (error: Error, fatal: boolean) => void;
  /** The server does not know setWatches2. */
  readonly lacksSetWatches2: () => void;
}

/** Makes a new connection like the last one: proves who the client is, then sets its watches. Nothing else is sent before. */
export class Primer {
  readonly #credentials: Credentials;
  readonly #events: PrimerEvents;
  /** Answers that are awaited before the connection is ready. */
  #awaited = 0;
  /** What sets the watches. */
  #setWatches: OpCode = OpCode.setWatches;

  constructor(essential: readonly Credential[], events: PrimerEvents) {
    this.#credentials = new Credentials(essential);
    this.#events = events;
  }

  /** Writes all that has to come first. Says whether there was anything; if not, the connection is ready as it is. */
  begin(link: Link, watches: readonly SetWatchesRequest[]): boolean {
    const entries = this.#credentials.all();
    this.#awaited = entries.length + watches.length;
    this.#setWatches = watches.some(needsSetWatches2) ? OpCode.setWatches2 : OpCode.setWatches;
    for (const entry of entries) this.#writeCredential(link, entry);
    for (const request of watches) this.writeSetWatches(link, request);
    if (this.#awaited === 0) return false;
    link.scheduleFlush();
    return true;
  }

  /** The operation whose answer is due next. */
  get due(): OpCode | undefined {
    if (this.#awaited === 0) return undefined;
    return this.#credentials.isAsking ? OpCode.auth : this.#setWatches;
  }

  /** Takes one more credential, and sends it at once where there is a link that is ready. */
  add(credential: Credential, link: Link | undefined, settle: (error: Error | undefined) => void): void {
    const entry = this.#credentials.add(credential, settle);
    if (link === undefined) return;
    this.#writeCredential(link, entry);
    link.scheduleFlush();
  }

  #writeCredential({ frames }: Link, entry: ReturnType<Credentials['add']>): void {
    const { credential } = entry;
    const at = frames.beginFrame();
    frames.writeInt(Xid.auth);
    frames.writeInt(OpCode.auth);
    writeAuthRequest(frames, { type: 0, scheme: credential.scheme, auth: credentialBytes(credential) });
    frames.endFrame(at);
    this.#credentials.sent(entry);
  }

  /** Writes a request that sets watches: the one that every server knows where it will do. */
  writeSetWatches({ frames }: Link, request: SetWatchesRequest): void {
    const whole = needsSetWatches2(request);
    const at = frames.beginFrame();
    frames.writeInt(Xid.setWatches);
    frames.writeInt(whole ? OpCode.setWatches2 : OpCode.setWatches);
    (whole ? writeSetWatches2Request : writeSetWatchesRequest)(frames, request);
    frames.endFrame(at);
  }

  credentialAnswered(err: number): void {
    const error = err === ErrorCode.ok ? undefined : errorOfCode(err, 'auth', undefined);
    const fatal = this.#credentials.answered(error);
    if (error === undefined) this.#answered();
    else this.#events.refused(error, fatal);
  }

  watchesAnswered(err: number): void {
    if (err === ErrorCode.unimplemented) this.#events.lacksSetWatches2();
    else this.#answered();
  }

  /** Answers to what was sent later, when the connection was ready, count for nothing. */
  #answered(): void {
    if (this.#awaited === 0) return;
    this.#awaited -= 1;
    if (this.#awaited === 0) this.#events.primed();
  }

  connectionLost(): void {
    this.#awaited = 0;
    this.#credentials.connectionLost();
  }

  /** Nothing will be sent any more. */
  close(error: Error): void {
    this.#credentials.close(error);
  }
}
