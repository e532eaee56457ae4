import { NoInstanceError, type Outcome, type Pick, type PickOptions, type ServiceInstance } from '@corral/registry';
import type { ReadPacket, WritePacket } from '@nestjs/microservices';
import type { InstanceAddress, InstanceLink } from './instance-link.js';
import type { ServicePool } from './service-pool.js';

/** A pool whose instances the test sets, taken in turn. */
export class FakePool implements ServicePool {
  readonly outcomes: string[] = [];
  isClosed = false;
  instances: readonly ServiceInstance[] = [];
  #turn = 0;
  #listener: (() => void) | undefined;

  set(...places: InstanceAddress[]): void {
    this.instances = places.map((place) => ({ ...place, service: 'pricing', status: 'UP' }) as ServiceInstance);
    this.#listener?.();
  }

  async ready({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    signal?.throwIfAborted();
  }

  pick({ key, exclude }: PickOptions = {}): Pick {
    const candidates = this.instances.filter(({ id }) => exclude?.has(id) !== true);
    const instance =
      key === undefined ? candidates[this.#turn++ % candidates.length] : candidates.find(({ id }) => id === key);
    if (instance === undefined) throw new NoInstanceError('pricing', this.instances.length);
    return { instance, done: (outcome: Outcome) => this.outcomes.push(`${instance.id} ${outcome}`) };
  }

  onChange(listener: () => void): () => void {
    this.#listener = listener;
    return () => (this.#listener = undefined);
  }

  close(): void {
    this.isClosed = true;
  }
}

/** The other side of a connection: the test answers, refuses, or says nothing. */
export class FakeLink implements InstanceLink {
  isRefusing = false;
  isClosed = false;
  readonly events: ReadPacket[] = [];
  readonly requests: { readonly packet: ReadPacket; answer(packet: WritePacket): void; isAbandoned: boolean }[] = [];

  constructor(readonly where: InstanceAddress) {}

  async open(): Promise<void> {
    if (this.isRefusing) throw new Error(`connect ECONNREFUSED ${this.where.address}:${this.where.port}`);
  }

  request(packet: ReadPacket, onAnswer: (packet: WritePacket) => void): () => void {
    const request = { packet, answer: onAnswer, isAbandoned: false };
    this.requests.push(request);
    return () => (request.isAbandoned = true);
  }

  async event(packet: ReadPacket): Promise<void> {
    this.events.push(packet);
  }

  close(): void {
    this.isClosed = true;
    for (const { answer, isAbandoned } of this.requests)
      if (!isAbandoned) answer({ err: new Error('Connection closed') });
  }
}
