import { ErrorCode } from '@corral/model';
import { InvalidInputError } from '../errors.js';
import type { SubscriptionClock } from '../subscription/types.js';
import { type ConfigClient, hasCode, withSignal } from './client-port.js';
import { ensureZnode } from './parents.js';

/** What is done, by whom, and how often. */
export interface ClaimedRoundsOptions {
  /** The ephemeral znode whose owner does the rounds. */
  readonly path: string;
  /** The znode above it, made when it is missing. */
  readonly parent: string;
  /** How the owner is known among platforms. */
  readonly id: string;
  readonly intervalMs: number;
  readonly clock: SubscriptionClock;
  /** One round. The signal ends it when this process stops. */
  readonly round: (signal: AbortSignal) => Promise<void>;
  /** Another does the rounds, or nobody: a round failed, or this process stops. */
  readonly onIdle?: (() => void) | undefined;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Work in rounds that one process of many does: the one whose claim stands. It goes with the session, and the next takes over. Two may
 * believe for a moment that it is theirs, so a round must do no harm then.
 */
export class ClaimedRounds {
  readonly #client: ConfigClient;
  readonly #options: ClaimedRoundsOptions;
  #abort = new AbortController();
  #cancelTimer: (() => void) | undefined;
  #round: Promise<void> | undefined;
  #isActive = false;

  /** @throws InvalidInputError */
  constructor(client: ConfigClient, options: ClaimedRoundsOptions) {
    if (!(options.intervalMs >= 1)) throw new InvalidInputError('intervalMs', 'must be 1 or more milliseconds');
    this.#client = client;
    this.#options = options;
  }

  /** Whether the claim is this process's, as far as it knows. */
  get isActive(): boolean {
    return this.#isActive;
  }

  start(): void {
    if (this.#cancelTimer !== undefined || this.#round !== undefined) return;
    this.#abort = new AbortController();
    this.#next(0);
  }

  /** Stops, and lets another act. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    await this.#round;
    if (!this.#isActive) return;
    this.#setActive(false);
    try {
      await this.#client.delete(this.#options.path);
    } catch {
      // It goes with the session.
    }
  }

  #next(delayMs: number): void {
    if (this.#abort.signal.aborted) return;
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      this.#cancelTimer = undefined;
      this.#round = this.#runRound().finally(() => {
        this.#round = undefined;
        this.#next(this.#options.intervalMs);
      });
    });
  }

  async #runRound(): Promise<void> {
    const { signal } = this.#abort;
    try {
      this.#setActive(await this.#claim(signal));
      if (this.#isActive) await this.#options.round(signal);
    } catch (error) {
      // A stop still has a claim to give back.
      if (signal.aborted) return;
      this.#setActive(false);
      this.#options.onFailed(error);
    }
  }

  #setActive(isActive: boolean): void {
    this.#isActive = isActive;
    if (!isActive) this.#options.onIdle?.();
  }

  /** Whether the claim is this session's: taken now, or before. */
  async #claim(signal: AbortSignal): Promise<boolean> {
    const { path, parent, id } = this.#options;
    const call = withSignal(signal);
    const there = await this.#client.exists(path, call);
    if (there !== undefined) return there.ephemeralOwner === this.#client.sessionId;
    await ensureZnode(this.#client, parent, signal);
    try {
      await this.#client.create(path, id, { mode: 'ephemeral', ...call });
      return true;
    } catch (error) {
      if (hasCode(error, ErrorCode.nodeExists)) return false;
      throw error;
    }
  }
}
