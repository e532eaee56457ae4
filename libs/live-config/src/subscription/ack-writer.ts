import { ErrorCode } from '@corral/model';
import type { Logger } from '@corral/primitives';
import { type ConfigClient, hasCode, withSignal } from '../ensemble/client-port.js';
import { ensureZnode } from '../ensemble/parents.js';
import { type AckData, encodeAck } from '../layout/ack.js';
import type { SubscriptionClock } from './types.js';

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 30_000;
const CONNECTED: readonly string[] = ['connected', 'reconnected'];

/** What an `AckWriter` works with. */
export interface AckWriterInputs {
  readonly client: ConfigClient;
  /** The znode of all subscribers of the application. */
  readonly acks: string;
  /** The name of this subscriber's own. */
  readonly name: string;
  /** Over how long reports are spread by chance. */
  readonly spreadMs: number;
  readonly clock: SubscriptionClock;
  readonly random: () => number;
  readonly logger: Logger;
}

/**
 * Keeps one ephemeral znode at what this subscriber last reported, over reconnects and sessions. Reports wait a moment by chance, and
 * only the last of several is written: a release costs the ensemble at most one small write per subscriber.
 */
export class AckWriter {
  readonly #in: AckWriterInputs;
  readonly #path: string;
  readonly #abort = new AbortController();
  readonly #stopListening: () => void;
  #wanted: AckData | undefined;
  #written: AckData | undefined;
  /** The session whose ephemeral the znode is, as far as is known. */
  #owner = 0n;
  /** The write under way. It never rejects. */
  #writing: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #retryMs = RETRY_MS_MIN;

  constructor(inputs: AckWriterInputs) {
    this.#in = inputs;
    this.#path = `${inputs.acks}/${inputs.name}`;
    // A new session begins without the old one's ephemerals.
    this.#stopListening = inputs.client.onState(() => {
      if (this.#wanted !== undefined && this.#isLost()) this.#schedule(0);
    });
  }

  /** Reports this from now on. The first report is not held back: it is what makes this subscriber known. */
  report(data: AckData): void {
    this.#wanted = data;
    this.#schedule(this.#written === undefined ? 0 : this.#delayMs());
  }

  /** Stops, and takes the report back: who has left is not waited for. While the ensemble is away, that is done when it is back. */
  async close(): Promise<void> {
    this.#cancelTimer?.();
    this.#stopListening();
    this.#abort.abort();
    await this.#writing;
    const takenBack = this.#takeBack();
    if (CONNECTED.includes(this.#in.client.state)) await takenBack;
  }

  async #takeBack(): Promise<void> {
    const { client } = this.#in;
    if (this.#wanted === undefined || client.sessionId === 0n || client.state === 'closed') return;
    try {
      // A write that was given up may have been done all the same; and another process may have taken the name over, whose report stays.
      const there = await client.exists(this.#path);
      if (there?.ephemeralOwner === client.sessionId) await client.delete(this.#path, { version: there.version });
    } catch {
      // It goes with the session.
    }
  }

  /** Not at once either: while a release is still on its way to others, reports would only stand in its way. */
  #delayMs(): number {
    return this.#in.spreadMs * (0.4 + 0.6 * this.#in.random());
  }

  #isLost(): boolean {
    const { sessionId } = this.#in.client;
    return sessionId !== 0n && sessionId !== this.#owner;
  }

  #schedule(delayMs: number): void {
    if (this.#cancelTimer !== undefined || this.#writing !== undefined || this.#abort.signal.aborted) return;
    this.#cancelTimer = this.#in.clock.after(delayMs, () => {
      this.#cancelTimer = undefined;
      this.#writing = this.#writeWanted().then((nextMs) => {
        this.#writing = undefined;
        if (nextMs !== undefined || this.#written !== this.#wanted || this.#isLost()) this.#schedule(nextMs ?? 0);
      });
    });
  }

  /** Never rejects; says after how long to write again, if there is a reason already. */
  async #writeWanted(): Promise<number | undefined> {
    const wanted = this.#wanted;
    if (wanted === undefined) return undefined;
    try {
      await this.#write(encodeAck(wanted));
      this.#written = wanted;
      this.#retryMs = RETRY_MS_MIN;
      return this.#wanted === wanted ? undefined : this.#delayMs();
    } catch (error) {
      const nextMs = this.#retryMs;
      this.#retryMs = Math.min(RETRY_MS_MAX, this.#retryMs * 2);
      if (!this.#abort.signal.aborted) {
        this.#in.logger('debug', 'reporting a release failed', { path: this.#path, error: String(error) });
      }
      return nextMs;
    }
  }

  async #write(data: string): Promise<void> {
    const { client, acks } = this.#in;
    const call = withSignal(this.#abort.signal);
    const session = client.sessionId;
    if (this.#owner === session && session !== 0n) {
      try {
        await client.set(this.#path, data, call);
        return;
      } catch (error) {
        if (!hasCode(error, ErrorCode.noNode)) throw error;
      }
    }
    try {
      await client.create(this.#path, data, { mode: 'ephemeral', ...call });
    } catch (error) {
      if (hasCode(error, ErrorCode.noNode)) await ensureZnode(client, acks, this.#abort.signal);
      else if (!hasCode(error, ErrorCode.nodeExists)) throw error;
      await this.#replace(data, session);
    }
    this.#owner = session;
  }

  /** The znode may be one that an earlier session of ours left, which would take it along when it ends. */
  async #replace(data: string, session: bigint): Promise<void> {
    const { client } = this.#in;
    const call = withSignal(this.#abort.signal);
    const there = await client.exists(this.#path, call);
    if (there?.ephemeralOwner === session) {
      await client.set(this.#path, data, call);
      return;
    }
    if (there !== undefined) await client.delete(this.#path, call);
    await client.create(this.#path, data, { mode: 'ephemeral', ...call });
  }
}
