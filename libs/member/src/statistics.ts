import type { LatencySummary } from './status.js';

/** Counts durations without keeping them. */
export class LatencyStatistics {
  #count = 0;
  #totalMs = 0;
  #minMs = Number.MAX_VALUE;
  #maxMs = 0;

  /** Notes `count` requests that took this long. */
  add(latencyMs: number, count = 1): void {
    this.#count += count;
    this.#totalMs += latencyMs * count;
    if (latencyMs < this.#minMs) this.#minMs = latencyMs;
    if (latencyMs > this.#maxMs) this.#maxMs = latencyMs;
  }

  summary(): LatencySummary {
    if (this.#count === 0) return { count: 0, minMs: 0, avgMs: 0, maxMs: 0 };
    return { count: this.#count, minMs: this.#minMs, avgMs: this.#totalMs / this.#count, maxMs: this.#maxMs };
  }

  reset(): void {
    this.#count = 0;
    this.#totalMs = 0;
    this.#minMs = Number.MAX_VALUE;
    this.#maxMs = 0;
  }
}

/** The member's counters, since the start or the last reset. */
export class MemberStatistics {
  packetsReceived = 0;
  packetsSent = 0;
  outstandingRequestsMax = 0;
  watchEventsSent = 0;
  sessionsExpired = 0;
  authFailures = 0;
  readonly requestLatency = new LatencyStatistics();

  reset(): void {
    this.packetsReceived = 0;
    this.packetsSent = 0;
    this.outstandingRequestsMax = 0;
    this.requestLatency.reset();
  }
}
