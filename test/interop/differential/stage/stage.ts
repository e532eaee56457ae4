/** Where one scenario plays against one server: its sessions, its observer and its transcript. */
import { setTimeout as delay } from 'node:timers/promises';
import { CLOSED } from '../raw/connection.js';
import { Op, Xid } from '../raw/op-codes.js';
import type { Fields, Reply, WatchEvent } from '../raw/replies.js';
import type { HandshakeFields } from '../raw/requests.js';
import { fourLetterWord, type RunningServer } from '../../harness/index.js';
import { Actor, describeEvent, describeReply, type RawRequest } from './actor.js';
import { Naming } from './naming.js';
import { Observer } from './observer.js';
import { Session } from './session.js';

/** One step: what was done, and everything that was seen to come of it. */
export interface Step {
  readonly label: string;
  readonly observed: Record<string, unknown>;
}

/** Requests that may change nodes; after them the subtree is read again. */
const WRITES: ReadonlySet<number> = new Set([
  Op.create, Op.create2, Op.createContainer, Op.createTtl, Op.delete, Op.deleteContainer,
  Op.setData, Op.setAcl, Op.multi, Op.closeSession, Op.createSession, Op.reconfig, Op.check,
]); // prettier-ignore

/** The server and its observer; a scenario that restarts the server replaces both. */
export interface House {
  server: RunningServer;
  observer: Observer;
}

/** A running scenario. */
export class Stage {
  readonly steps: Step[] = [];
  readonly naming: Naming;
  readonly #house: House;
  readonly #root: string | undefined;
  readonly #actors: Actor[] = [];
  readonly #labels = new Map<string, number>();
  #tree = new Map<string, Fields>();
  #eventOrder: 'exact' | 'any' = 'exact';

  private constructor(house: House, root: string | undefined, startZxid: bigint) {
    this.#house = house;
    this.#root = root;
    this.naming = new Naming(startZxid);
  }

  /** `root` is the subtree that is read after each write; absent: none. */
  static async open(house: House, root: string | undefined): Promise<Stage> {
    return new Stage(house, root, await house.observer.latestZxid());
  }

  get port(): number {
    return this.#house.server.clientPort;
  }

  /** Opens a session; the answer to its handshake is a step. */
  async session(name: string, fields: HandshakeFields = {}): Promise<Session> {
    const actor = await this.dial(name);
    const answer = await actor.shakeHands(fields);
    if (answer !== CLOSED) this.naming.nameSession(actor.sessionId, name);
    this.record(`connect ${name}`, { handshake: describeHandshake(answer, this.naming) });
    if (answer === CLOSED || actor.sessionId === 0n) this.#forget(actor);
    return new Session(this, actor);
  }

  /** A connection without a handshake. */
  async dial(name: string): Promise<Actor> {
    const actor = await Actor.dial(name, this.port);
    this.#actors.push(actor);
    return actor;
  }

  /** Sends a request, and records its reply, all events, and what changed in the tree. */
  async exchange(actor: Actor, label: string, request: RawRequest, look = true): Promise<Reply | typeof CLOSED> {
    const full = this.#unique(`${actor.name}: ${label}`);
    const outcome = await actor.exchange(request);
    const { reply } = outcome;
    if (reply !== CLOSED && reply.error === 0 && WRITES.has(request.type)) this.naming.nameZxid(reply.zxid, full);
    const observed: Record<string, unknown> = {};
    if (outcome.before.length > 0) observed['eventsBefore'] = outcome.before.map(describeEvent);
    // The ephemerals of a session go in the order of a Java hash set.
    this.#eventOrder = request.type === Op.closeSession ? 'any' : 'exact';
    observed['reply'] = describeReply(reply, this.naming);
    // Not by a ping: whether one is answered between such a reply and the end is up to Apache's threads.
    if (endsConnection(request, reply)) observed['then'] = this.#inSequence(await actor.next(), new Map());
    if (look) await this.#lookAround(observed, WRITES.has(request.type));
    this.steps.push({ label: full, observed });
    return reply;
  }

  /** Sends requests in one write and records all that comes back, until every one is answered or the end. */
  async pipeline(actor: Actor, label: string, list: readonly RawRequest[]): Promise<void> {
    const full = this.#unique(`${actor.name}: ${label}`);
    const names = new Map(list.map((request, index) => [actor.send(request), `reply ${index + 1}`]));
    const sequence: unknown[] = [];
    for (let open = list.length; open > 0;) {
      const next = await actor.next();
      sequence.push(this.#inSequence(next, names));
      if (next === CLOSED) break;
      if (next.kind === 'reply') open -= 1;
    }
    if (list.at(-1)?.type === Op.closeSession) sequence.push(this.#inSequence(await actor.next(), names));
    const observed: Record<string, unknown> = { sequence };
    await this.#lookAround(observed, true);
    this.steps.push({ label: full, observed });
  }

  /** Sends bytes and then a ping, and records all that comes back until the ping's answer or the end. */
  async bytes(actor: Actor, label: string, bytes: Uint8Array, thenPing = true): Promise<void> {
    const full = this.#unique(`${actor.name}: ${label}`);
    actor.connection.write(bytes);
    if (thenPing) actor.send({ type: Op.ping, xid: Xid.ping, body: Buffer.alloc(0) });
    const sequence: unknown[] = [];
    for (;;) {
      const next = await actor.next();
      sequence.push(this.#inSequence(next, new Map([[Xid.ping, 'ping']])));
      if (next === CLOSED || (next.kind === 'reply' && next.xid === Xid.ping)) break;
    }
    const observed: Record<string, unknown> = { sequence };
    await this.#lookAround(observed, true);
    this.steps.push({ label: full, observed });
  }

  /** Sends a four-letter command; `mask` removes what differs between any two runs. */
  async word(word: string, mask: (text: string) => string = (text) => text): Promise<string> {
    const text = await fourLetterWord(this.port, word);
    this.record(`four-letter ${JSON.stringify(word)}`, { text: mask(this.naming.inText(text)).split('\n') });
    return text;
  }

  /** Drops a session's connection without a word to the server; the session stays. */
  drop(session: Session): void {
    this.#forget(session.actor);
  }

  /** Ends the server with the signal and starts it again on the same data; every connection is lost. */
  async restart(signal: NodeJS.Signals): Promise<void> {
    await this.#house.server.stop(signal);
    for (const actor of [...this.#actors]) this.#forget(actor);
    this.#house.server = await this.#house.server.restart();
    this.#house.observer.close();
    this.#house.observer = await Observer.connect(this.port);
    this.#tree.clear();
    await this.look(`after a restart by ${signal}`);
  }

  /** Waits until the server sends this session something, or closes its connection, unasked. */
  async await(session: Session, label: string): Promise<void> {
    const next = await session.actor.next();
    this.record(`${session.actor.name}: ${label}`, { unasked: this.#inSequence(next, new Map()) });
    if (next === CLOSED) this.#forget(session.actor);
  }

  /** Waits until a node is gone, for nodes that the server deletes by itself. */
  async untilGone(path: string): Promise<void> {
    const deadlineMs = Date.now() + 8_000;
    while ((await this.#house.observer.tree(path)).size > 0) {
      if (Date.now() > deadlineMs) return this.record(`${path} goes by itself`, { gone: false });
      await delay(50);
    }
    const observed: Record<string, unknown> = { gone: true };
    await this.#lookAround(observed, true);
    this.record(`${path} goes by itself`, observed);
  }

  /** Reads the subtree now, for scenarios in which something happens without a request. */
  async look(label: string): Promise<void> {
    const observed: Record<string, unknown> = {};
    await this.#lookAround(observed, true);
    this.record(label, observed);
  }

  /** Adds a step that the scenario itself has observed. */
  record(label: string, observed: Record<string, unknown>): void {
    this.steps.push({ label: this.#unique(label), observed });
  }

  /** Ends what is still connected, closing sessions so that none expires in a later scenario. */
  async close(): Promise<void> {
    for (const actor of this.#actors) {
      if (!actor.connection.isClosed && actor.sessionId !== 0n) {
        await actor.exchange({ type: Op.closeSession, body: Buffer.alloc(0) }).catch(() => undefined);
      }
      actor.connection.destroy();
    }
  }

  #forget(actor: Actor): void {
    this.#actors.splice(this.#actors.indexOf(actor), 1);
    actor.connection.destroy();
  }

  /** What every session has received since, and what changed in the tree. */
  async #lookAround(observed: Record<string, unknown>, treeToo: boolean): Promise<void> {
    for (const actor of [...this.#actors]) {
      if (actor.sessionId === 0n) continue;
      const events = await actor.drain();
      if (events === CLOSED) {
        observed[`connection of ${actor.name}`] = 'closed';
        this.#forget(actor);
      } else if (events.length > 0) {
        const shown = events.map(describeEvent);
        observed[`events of ${actor.name}`] = this.#eventOrder === 'any' ? shown.sort() : shown;
      }
    }
    if (treeToo && this.#root !== undefined) {
      const changes = await this.#treeChanges(this.#root);
      if (Object.keys(changes).length > 0) observed['tree'] = changes;
    }
  }

  async #treeChanges(root: string): Promise<Fields> {
    const before = this.#tree;
    const now = await this.#house.observer.tree(root);
    this.#tree = now;
    const changes: Fields = {};
    for (const [path, node] of now) {
      const shown = this.naming.value(node);
      if (JSON.stringify(shown) !== JSON.stringify(this.naming.value(before.get(path)))) changes[path] = shown;
    }
    for (const path of before.keys()) if (!now.has(path)) changes[path] = 'gone';
    return changes;
  }

  #inSequence(next: Reply | WatchEvent | typeof CLOSED, names: ReadonlyMap<number, string>): unknown {
    if (next === CLOSED) return 'connection closed';
    if (next.kind === 'event') return describeEvent(next);
    return { to: names.get(next.xid) ?? `xid ${next.xid}`, ...(describeReply(next, this.naming) as Fields) };
  }

  #unique(label: string): string {
    const count = (this.#labels.get(label) ?? 0) + 1;
    this.#labels.set(label, count);
    return count === 1 ? label : `${label} (${count})`;
  }
}

/** Whether the server is to end the connection right behind this reply. */
function endsConnection(request: RawRequest, reply: Reply | typeof CLOSED): boolean {
  if (reply === CLOSED) return false;
  return request.type === Op.closeSession || (request.type === Op.auth && reply.error !== 0);
}

/** The answer to a handshake; the password only by its length, and whether it is all zero. */
export function describeHandshake(answer: Fields | typeof CLOSED, naming: Naming): unknown {
  if (answer === CLOSED) return 'connection closed';
  const password = answer['password'] as Buffer | null;
  const zero = password !== null && password.every((byte) => byte === 0);
  const shown = password === null ? null : `${password.length} ${zero ? 'zero' : 'random'} bytes`;
  return { ...(naming.value(answer) as Fields), password: shown };
}
