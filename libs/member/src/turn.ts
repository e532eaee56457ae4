import type { Connection } from './connection.js';
import type { Pending } from './commit-queue.js';
import type { RequestsContext } from './requests-context.js';

/** One stretch of work: a client's chunk of requests, or a batch of the log. One look at the clocks serves all of it. */
export class Turn {
  readonly #context: RequestsContext;
  #running = false;
  #reads = 0;
  nowMs = 0;
  wallClockMs = 0;

  constructor(context: RequestsContext) {
    this.#context = context;
  }

  /** Looks at the clocks, unless this turn has done so already. */
  begin(): void {
    if (this.#running) return;
    const { clock } = this.#context.ports;
    this.#running = true;
    this.nowMs = clock.monotonicMs();
    this.wallClockMs = clock.wallClockMs();
  }

  end(): void {
    this.#running = false;
    this.#reads = 0;
  }

  /** A reply is being appended; `name` is what `cons` shows. */
  noteAnswer(connection: Connection, name: string, xid: number): void {
    connection.lastOperation = name;
    // Pings and auth have xids of their own; what a person wants to see is the client's last request.
    if (xid >= 0) connection.lastCxid = xid;
    connection.lastZxid = this.#context.tree.appliedZxid;
    connection.lastResponseAtMs = this.nowMs;
    connection.packetsSent += 1;
    this.#context.statistics.packetsSent += 1;
  }

  noteRead(): void {
    this.#reads += 1;
  }

  /** The reads of a chunk took this long, all of them together. */
  noteReadLatency(connection: Connection, endedAtMs: number): void {
    if (this.#reads > 0) this.#noteLatency(connection, 'read', endedAtMs - this.nowMs, this.#reads);
  }

  noteWriteLatency(connection: Connection, pending: Pending): void {
    this.#noteLatency(connection, 'write', this.nowMs - pending.receivedAtMs, 1);
  }

  #noteLatency(connection: Connection, kind: 'read' | 'write', latencyMs: number, count: number): void {
    this.#context.statistics.requestLatency.add(latencyMs, count);
    connection.latency.add(latencyMs, count);
    connection.lastLatencyMs = latencyMs;
    this.#context.ports.metrics?.requestsAnswered(kind, latencyMs, count);
  }
}
