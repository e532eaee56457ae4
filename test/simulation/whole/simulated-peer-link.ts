import type { PeerLink, PeerLinkHandler } from '@corral/member';
import { readQuorumMessage, RecordStream, RecordWriter, writeQuorumMessage } from '@corral/wire';
import type { QuorumMessage } from '@corral/zab';
import { HeldInput } from './held-input.js';

const PACKET_BYTES_MAX = 1024 * 1024;

/** What a link needs of the world around it. */
export interface PeerLinkPorts {
  readonly remote: string;
  readonly send: (bytes: Buffer) => void;
  readonly close: () => void;
  /** Runs this in the process at the end of its turn, or when the socket has taken what it was given. */
  readonly defer: (run: () => void) => void;
  readonly drain: (run: () => void) => void;
  /** Above so many unsent bytes the link is full. */
  readonly unsentBytesPause: number;
  readonly received: (message: QuorumMessage) => void;
  readonly sent: (message: QuorumMessage) => void;
}

/** A connection on the quorum port whose bytes go over the simulated network: `QuorumLink` of `libs/net`, without a socket. */
export class SimulatedPeerLink implements PeerLink {
  readonly #ports: PeerLinkPorts;
  readonly #handler: PeerLinkHandler;
  readonly #writer = new RecordWriter(1024);
  #stream = new RecordStream(PACKET_BYTES_MAX);
  #onBytes: ((chunk: Buffer) => void) | undefined;
  #unsentBytes = 0;
  readonly #input: HeldInput;
  #isClosed = false;

  constructor(ports: PeerLinkPorts, handler: PeerLinkHandler) {
    this.#ports = ports;
    this.#input = new HeldInput(ports.defer);
    this.#handler = handler;
  }

  get remote(): string {
    return this.#ports.remote;
  }

  /* What the network brings. */

  bytesArrived(chunk: Buffer): void {
    this.#whenReading(() => {
      if (this.#onBytes !== undefined) {
        this.#onBytes(chunk);
        return;
      }
      this.#stream.push(chunk);
      this.#takeMessages();
    });
  }

  ended(): void {
    this.#whenReading(() => {
      this.#isClosed = true;
      this.#handler.onClosed(undefined);
    });
  }

  #whenReading(run: () => void): void {
    if (this.#isClosed) return;
    this.#input.take(run);
  }

  #takeMessages(): void {
    while (this.#onBytes === undefined && !this.#isClosed) {
      const message = this.#stream.read(readQuorumMessage);
      if (message === undefined) break;
      this.#ports.received(message);
      this.#handler.onMessage(message);
    }
    if (!this.#isClosed) this.#handler.onTurnEnd();
  }

  /* What the member wants. */

  takeBytes(take: (chunk: Buffer) => void): void {
    this.#onBytes = take;
    const rest = this.#stream.takeRest();
    if (rest.length > 0) take(rest);
  }

  resumeMessages(rest: Buffer): void {
    this.#onBytes = undefined;
    this.#stream = new RecordStream(PACKET_BYTES_MAX);
    this.#stream.push(rest);
    this.#takeMessages();
  }

  append(message: QuorumMessage): void {
    this.#ports.sent(message);
    writeQuorumMessage(this.#writer, message);
  }

  outgoing(): RecordWriter {
    return this.#writer;
  }

  flush(): void {
    const { length } = this.#writer;
    if (length === 0) return;
    const bytes = Buffer.from(this.#writer.buffer.subarray(0, length));
    this.#writer.clear();
    if (this.#isClosed) return;
    this.#ports.send(bytes);
    this.#unsentBytes += length;
    if (!this.isFull) {
      this.#unsentBytes = 0;
      return;
    }
    this.#ports.drain(() => {
      this.#unsentBytes = 0;
      if (!this.#isClosed) this.#handler.onDrained();
    });
  }

  get isFull(): boolean {
    return this.unsentBytes > this.#ports.unsentBytesPause;
  }

  get unsentBytes(): number {
    return this.#writer.length + this.#unsentBytes;
  }

  pauseReading(): void {
    this.#input.pause();
  }

  resumeReading(): void {
    this.#input.resume();
  }

  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
    this.#ports.close();
  }
}
