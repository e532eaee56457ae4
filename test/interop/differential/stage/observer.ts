/** A superuser's session that reads a scenario's subtree after each write, so that every stat field is compared. */
import { CLOSED } from '../raw/connection.js';
import { Op, Xid } from '../raw/op-codes.js';
import type { Fields } from '../raw/replies.js';
import * as requests from '../raw/requests.js';
import { Actor } from './actor.js';

/** The password whose digest both servers are started with. */
export const SUPER_PASSWORD = 'observer';

/** Reads trees; shared by the scenarios of one server. */
export class Observer {
  private constructor(private readonly actor: Actor) {}

  static async connect(port: number): Promise<Observer> {
    const actor = await Actor.dial('observer', port);
    await actor.shakeHands({ timeoutMs: 40_000 });
    const observer = new Observer(actor);
    await observer.#ask(Op.auth, requests.auth('digest', `super:${SUPER_PASSWORD}`), Xid.auth);
    return observer;
  }

  /** The newest zxid of the server. */
  async latestZxid(): Promise<bigint> {
    const { reply } = await this.actor.exchange({ type: Op.exists, body: requests.watching('/') });
    if (reply === CLOSED) throw new Error('the observer was disconnected');
    return reply.zxid;
  }

  /** Every node at and below `root`, by path: stat, data and access list. Empty when there is no such node. */
  async tree(root: string): Promise<Map<string, Fields>> {
    const nodes = new Map<string, Fields>();
    await this.#visit(root, nodes);
    return nodes;
  }

  close(): void {
    this.actor.connection.destroy();
  }

  async #visit(path: string, nodes: Map<string, Fields>): Promise<void> {
    const listing = await this.#ask(Op.getChildren2, requests.watching(path));
    if (listing === undefined) return;
    const data = await this.#ask(Op.getData, requests.watching(path));
    const access = await this.#ask(Op.getAcl, requests.pathOnly(path));
    nodes.set(path, { data: data?.['data'], acl: access?.['acl'], ...(data?.['stat'] as Fields) });
    const base = path === '/' ? '' : path;
    for (const child of listing['children'] as string[]) await this.#visit(`${base}/${child}`, nodes);
  }

  async #ask(type: number, body: Buffer, xid?: number): Promise<Fields | undefined> {
    const { reply } = await this.actor.exchange({ type, body, ...(xid === undefined ? {} : { xid }) });
    if (reply === CLOSED) throw new Error('the observer was disconnected');
    return reply.error === 0 ? reply.body : undefined;
  }
}
