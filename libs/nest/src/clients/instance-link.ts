import type { ReadPacket, WritePacket } from '@nestjs/microservices';

/** Where an instance listens. */
export interface InstanceAddress {
  readonly id: string;
  readonly address: string;
  readonly port: number;
}

/** A connection to one instance, as the client of a service uses it. */
export interface InstanceLink {
  /** Connects unless that was done. Rejects when there is no connection within the time; a later call tries anew. */
  open(timeoutMs: number): Promise<void>;
  /** Sends a request on the open connection; the function that is returned stops listening for its answers. */
  request(packet: ReadPacket, onAnswer: (packet: WritePacket) => void): () => void;
  /** Sends an event on the open connection; resolves when it has been handed to the socket. */
  event(packet: ReadPacket): Promise<void>;
  /** Closes; what still waits for an answer gets an error. */
  close(): void;
}
