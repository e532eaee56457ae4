import type { SessionId, Zxid } from '@corral/primitives';
import {
  type Acl,
  type Change,
  CreateFlag,
  EventType,
  type ErrorCode,
  type Identity,
  type MultiOperation,
  OPEN_ACL,
  OpCode,
  parentPath,
  type Stat,
  type Transaction,
} from '@corral/model';
import type { AclCodec } from './acl-codec.js';
import { prepareCheck } from './operations/check.js';
import { prepareCloseSession } from './operations/close-session.js';
import { PrepareContext, type PrepareOptions, type Requester } from './operations/context.js';
import { type CreateType, prepareCreate } from './operations/create.js';
import { prepareDelete, prepareDeleteContainer } from './operations/delete.js';
import { prepareMulti } from './operations/multi.js';
import { prepareSetAcl } from './operations/set-acl.js';
import { prepareSetData } from './operations/set-data.js';
import { OutstandingChanges } from './outstanding.js';
import * as records from './record.js';
import { Tree } from './tree.js';
import type { TreeStore } from './tree-store.js';

/** Bytes of an ASCII text. */
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** The text behind such bytes; null stays null. */
export const textOf = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : String.fromCharCode(...bytes);

/** Keeps ACLs as readable text. */
export class TextAclCodec implements AclCodec {
  encode(acl: readonly Acl[]): Uint8Array {
    if (acl === OPEN_ACL) return new Uint8Array(0);
    return bytesOf(acl.map(({ perms, scheme, id }) => `${String(perms)},${scheme},${id}`).join('\n'));
  }

  decode(bytes: Uint8Array): readonly Acl[] {
    if (bytes.length === 0) return OPEN_ACL;
    return textOf(bytes)!
      .split('\n')
      .map((line) => {
        const [perms, scheme, ...id] = line.split(',');
        return { perms: Number(perms), scheme: scheme!, id: id.join(',') };
      });
  }
}

/** Somebody who watches. */
export interface Watcher {
  readonly name: string;
}

/** How a test asks for a create; what it does not say is plain. */
export interface CreateWish {
  readonly type?: CreateType;
  readonly flags?: number;
  readonly data?: string | null;
  readonly acl?: readonly Acl[] | null;
  readonly ttlMs?: number;
  readonly as?: Requester;
}

/** A requester with some identities; the session is 0x100 unless told. */
export const requester = (sessionId = 0x100n, identities: readonly Identity[] = []): Requester => ({
  sessionId: sessionId as SessionId,
  identities,
});

const NOBODY = requester();
const eventName = (type: EventType): string =>
  Object.entries(EventType).find(([, value]) => value === type)?.[0] ?? String(type);

/** A member in small: decides about requests, keeps what is proposed, and applies it when the test says so. */
export class TreeBench {
  readonly tree: Tree<Watcher>;
  readonly outstanding = new OutstandingChanges();
  readonly context: PrepareContext;
  /** What watchers were told, as `who what where`. */
  readonly events: string[] = [];
  /** Every transaction that was proposed, applied or not. */
  readonly history: Transaction[] = [];
  nowMs = 1_600_000_000_000;
  #appliedCount = 0;

  constructor(store: TreeStore, options: Partial<PrepareOptions> = {}) {
    this.tree = new Tree<Watcher>({
      store,
      aclCodec: new TextAclCodec(),
      allocate: (sizeBytes) => new Uint8Array(sizeBytes).fill(0xee),
      deliver: (watcher, { type, path }) => this.events.push(`${watcher.name} ${eventName(type)} ${path}`),
    });
    const rules = { ttlEnabled: true, enforceQuota: false, skipAcl: false, ...options };
    this.context = new PrepareContext(this.tree, this.outstanding, rules);
  }

  /** The zxid of the newest proposed transaction. */
  get lastZxid(): Zxid {
    return this.history.at(-1)?.header.zxid ?? this.tree.appliedZxid;
  }

  /** Proposes what `decide` grants. @returns the change, or the code of the refusal. */
  #decide<C extends Change>(decide: () => C | ErrorCode, sessionId: SessionId = NOBODY.sessionId): C | ErrorCode {
    const zxid = (this.lastZxid + 1) as Zxid;
    this.context.zxid = zxid;
    const verdict = decide();
    if (typeof verdict !== 'number') {
      this.nowMs += 1;
      this.history.push({ header: { sessionId, cxid: 0, zxid, timeMs: this.nowMs }, change: verdict });
    }
    return verdict;
  }

  /** @returns the path that was created, or the code of the refusal. */
  create(path: string | null, wish: CreateWish = {}): string | ErrorCode {
    const { type = OpCode.create, flags = CreateFlag.persistent, data = '', acl = OPEN_ACL, as = NOBODY } = wish;
    const request = { path, data: data === null ? null : bytesOf(data), acl, flags };
    const withTtl = wish.ttlMs === undefined ? request : { ...request, ttlMs: wish.ttlMs };
    const verdict = this.#decide(() => prepareCreate(this.context, type, withTtl, as), as.sessionId);
    return typeof verdict === 'number' ? verdict : verdict.path;
  }

  delete(path: string | null, version = -1, as = NOBODY): ErrorCode {
    return this.#code(this.#decide(() => prepareDelete(this.context, { path, version }, as)));
  }

  deleteContainer(path: string): ErrorCode {
    return this.#code(this.#decide(() => prepareDeleteContainer(this.context, path)));
  }

  setData(path: string | null, data: string | null, version = -1, as = NOBODY): ErrorCode {
    const bytes = data === null ? null : bytesOf(data);
    return this.#code(this.#decide(() => prepareSetData(this.context, { path, data: bytes, version }, as)));
  }

  setAcl(path: string | null, acl: readonly Acl[] | null, version = -1, as = NOBODY): ErrorCode {
    return this.#code(this.#decide(() => prepareSetAcl(this.context, { path, acl, version }, as)));
  }

  check(path: string | null, version: number, as = NOBODY): ErrorCode {
    return this.#code(this.#decide(() => prepareCheck(this.context, { path, version }, as)));
  }

  /** @returns nothing when it was granted, else the code of each operation. */
  multi(operations: readonly MultiOperation[], as = NOBODY): readonly ErrorCode[] | undefined {
    let codes: readonly ErrorCode[] | undefined;
    this.#decide(() => {
      const verdict = prepareMulti(this.context, operations, as);
      if (verdict.ok) return verdict.change;
      codes = verdict.codes;
      return 0;
    }, as.sessionId);
    return codes;
  }

  /** @returns the ephemerals that the transaction lists. */
  closeSession(sessionId: bigint): readonly string[] {
    const id = sessionId as SessionId;
    const change = this.#decide(() => prepareCloseSession(this.context, id, this.tree.owned), id);
    return typeof change === 'number' ? [] : (change.paths ?? []);
  }

  #code(verdict: Change | ErrorCode): ErrorCode {
    return typeof verdict === 'number' ? verdict : 0;
  }

  /** Applies the oldest `count` proposed transactions; all of them unless told. */
  apply(count = Number.MAX_SAFE_INTEGER): void {
    for (let done = 0; done < count && this.#appliedCount < this.history.length; done += 1) {
      const transaction = this.history[this.#appliedCount]!;
      this.#appliedCount += 1;
      this.tree.apply(transaction);
      this.#settle(transaction.change, transaction.header.zxid);
    }
  }

  #settle(change: Change, zxid: Zxid): void {
    if (change.type === OpCode.multi) for (const part of change.changes) this.#settle(part, zxid);
    const paths = 'paths' in change ? (change.paths ?? []) : 'path' in change ? [change.path] : [];
    for (const path of paths) {
      this.outstanding.settle(path, zxid);
      this.outstanding.settle(parentPath(path), zxid);
    }
  }

  /** Creates and applies plain znodes; one written as `path=data` gets that data. */
  plant(...znodes: string[]): this {
    for (const znode of znodes) {
      const [path, data] = znode.split('=');
      const created = this.create(path!, { data: data ?? '' });
      if (created !== path) throw new Error(`${znode} was refused: ${String(created)}`);
    }
    this.apply();
    return this;
  }

  stat(path: string): Stat | undefined {
    const record = this.tree.get(path);
    return record === undefined ? undefined : records.statOf(record);
  }

  text(path: string): string | null | undefined {
    const record = this.tree.get(path);
    return record === undefined ? undefined : textOf(records.dataOf(record));
  }

  /** What watchers were told since the last time. */
  takeEvents(): string[] {
    return this.events.splice(0);
  }
}
