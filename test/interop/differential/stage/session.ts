/** The verbs of a scenario: every operation of the protocol, each writing one step into the transcript. */
import type { StringField } from '../raw/bytes.js';
import { CLOSED } from '../raw/connection.js';
import { Flag, Op, Xid } from '../raw/op-codes.js';
import type { Fields, Reply } from '../raw/replies.js';
import * as requests from '../raw/requests.js';
import { labelOf, show, type Actor, type RawRequest } from './actor.js';
import type { Stage } from './stage.js';

/** What a step returns to its scenario: the decoded body, with `error` for the code; empty when closed. */
export type Answer = Fields & { readonly error: number };

/** A client in a scenario. Each method sends one request and records what came of it. */
export class Session {
  constructor(
    private readonly stage: Stage,
    readonly actor: Actor,
  ) {}

  get id(): bigint {
    return this.actor.sessionId;
  }

  get password(): Buffer {
    return this.actor.password;
  }

  create(path: StringField, fields: requests.CreateFields = {}, note = ''): Promise<Answer> {
    return this.#step(Op.create, path, requests.create(path, fields), describeCreate(fields) + note);
  }

  create2(path: StringField, fields: requests.CreateFields = {}, note = ''): Promise<Answer> {
    return this.#step(Op.create2, path, requests.create(path, fields), describeCreate(fields) + note);
  }

  createContainer(path: StringField, fields: requests.CreateFields = {}): Promise<Answer> {
    const all = { flags: Flag.container, ...fields };
    return this.#step(Op.createContainer, path, requests.create(path, all), describeCreate(all));
  }

  createTtl(path: StringField, fields: requests.CreateFields = {}): Promise<Answer> {
    const all = { flags: Flag.ttl, ttl: 60_000n, ...fields };
    return this.#step(Op.createTtl, path, requests.createTtl(path, all), describeCreate(all));
  }

  delete(path: StringField, version?: number): Promise<Answer> {
    return this.#step(Op.delete, path, requests.versioned(path, version), atVersion(version));
  }

  /** A delete after which the server may go on by itself: what follows is for the next step to see. */
  async deleteAndGoOn(path: string): Promise<void> {
    const request = { type: Op.delete, body: requests.versioned(path) };
    await this.stage.exchange(this.actor, labelOf(Op.delete, path), request, false);
  }

  exists(path: StringField, watch?: boolean | number): Promise<Answer> {
    return this.#step(Op.exists, path, requests.watching(path, watch), watchNote(watch));
  }

  getData(path: StringField, watch?: boolean | number): Promise<Answer> {
    return this.#step(Op.getData, path, requests.watching(path, watch), watchNote(watch));
  }

  setData(path: StringField, data: StringField, version?: number): Promise<Answer> {
    return this.#step(Op.setData, path, requests.setData(path, data, version), `${show(data)}${atVersion(version)}`);
  }

  getAcl(path: StringField): Promise<Answer> {
    return this.#step(Op.getAcl, path, requests.pathOnly(path));
  }

  setAcl(path: StringField, acl: readonly requests.AclEntry[] | null, version?: number): Promise<Answer> {
    return this.#step(Op.setAcl, path, requests.setAcl(path, acl, version), `${aclNote(acl)}${atVersion(version)}`);
  }

  getChildren(path: StringField, watch?: boolean | number): Promise<Answer> {
    return this.#step(Op.getChildren, path, requests.watching(path, watch), watchNote(watch));
  }

  getChildren2(path: StringField, watch?: boolean | number): Promise<Answer> {
    return this.#step(Op.getChildren2, path, requests.watching(path, watch), watchNote(watch));
  }

  getEphemerals(prefix: StringField): Promise<Answer> {
    return this.#step(Op.getEphemerals, prefix, requests.pathOnly(prefix));
  }

  getAllChildrenNumber(path: StringField): Promise<Answer> {
    return this.#step(Op.getAllChildrenNumber, path, requests.pathOnly(path));
  }

  check(path: StringField, version?: number): Promise<Answer> {
    return this.#step(Op.check, path, requests.versioned(path, version), atVersion(version));
  }

  sync(path: StringField): Promise<Answer> {
    return this.#step(Op.sync, path, requests.pathOnly(path));
  }

  multi(note: string, ...ops: requests.MultiOp[]): Promise<Answer> {
    return this.#step(Op.multi, undefined, requests.multi(ops), note);
  }

  multiRead(note: string, ...ops: requests.MultiOp[]): Promise<Answer> {
    return this.#step(Op.multiRead, undefined, requests.multi(ops), note);
  }

  addWatch(path: StringField, mode: number): Promise<Answer> {
    return this.#step(Op.addWatch, path, requests.watchTyped(path, mode), `mode ${mode}`);
  }

  removeWatches(path: StringField, type: number): Promise<Answer> {
    return this.#step(Op.removeWatches, path, requests.watchTyped(path, type), `type ${type}`);
  }

  checkWatches(path: StringField, type: number): Promise<Answer> {
    return this.#step(Op.checkWatches, path, requests.watchTyped(path, type), `type ${type}`);
  }

  setWatches(note: string, lastZxid: bigint, lists: requests.WatchLists): Promise<Answer> {
    const body = requests.setWatches(lastZxid, lists);
    return this.raw(`setWatches ${note}`, { type: Op.setWatches, body, xid: Xid.setWatches });
  }

  setWatches2(note: string, lastZxid: bigint, lists: requests.WatchLists): Promise<Answer> {
    const body = requests.setWatches2(lastZxid, lists);
    return this.raw(`setWatches2 ${note}`, { type: Op.setWatches2, body, xid: Xid.setWatches });
  }

  auth(scheme: StringField, credentials: StringField): Promise<Answer> {
    const body = requests.auth(scheme, credentials);
    return this.raw(`auth ${show(scheme)} ${show(credentials)}`, { type: Op.auth, body, xid: Xid.auth });
  }

  whoAmI(): Promise<Answer> {
    return this.#step(Op.whoAmI, undefined, Buffer.alloc(0));
  }

  ping(): Promise<Answer> {
    return this.raw('ping', { type: Op.ping, body: Buffer.alloc(0), xid: Xid.ping });
  }

  closeSession(): Promise<Answer> {
    return this.#step(Op.closeSession, undefined, Buffer.alloc(0));
  }

  /** Any request, under a label of its own. */
  async raw(label: string, request: RawRequest): Promise<Answer> {
    const reply: Reply | typeof CLOSED = await this.stage.exchange(this.actor, label, request);
    return reply === CLOSED ? { error: Number.NaN } : { ...reply.body, error: reply.error };
  }

  /** Several requests in one write; all that comes back, in order, is one step. */
  pipeline(label: string, ...list: RawRequest[]): Promise<void> {
    return this.stage.pipeline(this.actor, label, list);
  }

  /** Bytes that are no proper request; what comes back until a ping is answered or the connection ends is one step. */
  bytes(label: string, bytes: Uint8Array, thenPing = true): Promise<void> {
    return this.stage.bytes(this.actor, label, bytes, thenPing);
  }

  #step(type: number, path: StringField | undefined, body: Buffer, detail = ''): Promise<Answer> {
    return this.raw(labelOf(type, path, detail), { type, body });
  }
}

const watchNote = (watch: boolean | number | undefined): string =>
  watch === undefined || watch === false ? '' : watch === true ? 'and watch' : `watch byte ${watch}`;

const atVersion = (version: number | undefined): string => (version === undefined ? '' : ` at version ${version}`);

/** An access list in a label. */
export function aclNote(acl: readonly requests.AclEntry[] | null): string {
  if (acl === null) return 'acl null';
  return `acl [${acl.map((entry) => `${show(entry.scheme)}:${show(entry.id)}:${entry.perms}`).join(', ')}]`;
}

function describeCreate(fields: requests.CreateFields): string {
  const notes: string[] = [];
  if (fields.flags !== undefined) notes.push(`flags ${fields.flags}`);
  if (fields.ttl !== undefined) notes.push(`ttl ${fields.ttl}`);
  if (fields.data !== undefined) notes.push(`data ${show(fields.data)}`);
  if (fields.acl !== undefined) notes.push(aclNote(fields.acl));
  return notes.join(' ');
}
