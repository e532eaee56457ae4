/** Clients that write through whatever happens to the ensemble, and remember what they were told. */
import { setTimeout as delay } from 'node:timers/promises';
import { RawClient, type Reply } from '../client/raw-client.js';
import { create, ErrorCode, readSetDataStat, setData } from '../client/requests.js';
import type { AnsweredWrite } from './history.js';

const REGISTERS = 4;
const RECONNECT_MS = 20;

/** What all clients together were told. */
export interface Told {
  readonly writes: AnsweredWrite[];
  /** Paths whose creation was acknowledged. */
  readonly created: string[];
  /** When each answer came. */
  readonly answeredAtMs: number[];
}

/** Keeps `clients` clients busy until stopped, each with one write under way; they go from member to member when they have to. */
export class Load {
  readonly told: Told = { writes: [], created: [], answeredAtMs: [] };
  readonly #ports: readonly number[];
  readonly #loops: Promise<void>[];
  #isStopped = false;

  private constructor(ports: readonly number[], clients: number) {
    this.#ports = ports;
    this.#loops = Array.from({ length: clients }, (_, at) => this.#run(at));
  }

  /** Makes the registers and starts the clients. */
  static async start(ports: readonly number[], clients: number): Promise<Load> {
    const client = await RawClient.connect({ port: ports[0]! });
    await client.request(create('/load', Buffer.alloc(0)));
    for (let at = 0; at < REGISTERS; at += 1) await client.request(create(`/r${at}`, Buffer.alloc(0)));
    client.destroy();
    return new Load(ports, clients);
  }

  /** Ends the clients, after the answers to what is under way or the loss of their connections. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#loops);
  }

  async #run(id: number): Promise<void> {
    let sequence = 0;
    for (let turn = id; !this.#isStopped; turn += 1) {
      const port = this.#ports[turn % this.#ports.length]!;
      try {
        const client = await RawClient.connect({ port, sessionTimeoutMs: 10_000, handshakeTimeoutMs: 2_000 });
        try {
          while (!this.#isStopped) {
            sequence += 1;
            await this.#write(client, id, sequence);
          }
        } finally {
          client.destroy();
        }
      } catch {
        await delay(RECONNECT_MS);
      }
    }
  }

  async #write(client: RawClient, id: number, sequence: number): Promise<void> {
    const value = `${id}-${sequence}`;
    const invokedAtMs = performance.now();
    if (sequence % 4 === 0) {
      const path = `/load/${value}`;
      const reply = await inTime(client, client.request(create(path, Buffer.from(value))));
      if (reply.error === ErrorCode.ok) this.told.created.push(path);
      else throw new Error(`create: error ${reply.error}`);
    } else {
      const register = `/r${(id + sequence) % REGISTERS}`;
      const reply = await inTime(client, client.request(setData(register, Buffer.from(value), -1)));
      if (reply.error !== ErrorCode.ok) throw new Error(`setData: error ${reply.error}`);
      const { version } = readSetDataStat(reply.body);
      this.told.writes.push({ register, value, version, invokedAtMs, answeredAtMs: performance.now() });
    }
    this.told.answeredAtMs.push(performance.now());
  }
}

/** An ensemble that does not answer for so long is not waited for; the client goes to another member. */
async function inTime(client: RawClient, request: Promise<Reply>): Promise<Reply> {
  const timer = setTimeout(() => {
    client.destroy();
  }, 8_000);
  try {
    return await request;
  } finally {
    clearTimeout(timer);
  }
}
