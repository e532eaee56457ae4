import { formatSessionId, formatZxid, type SessionId, type Zxid } from '@corral/primitives';
import { type Change, type NodeChange, nodeName, OpCode, parentPath, type Transaction } from '@corral/model';
import { BrokenPromiseError } from './broken-promise.js';

/** A znode after some transaction. Never changed: the next transaction makes another one. */
export interface ReferenceZnode {
  readonly data: string;
  readonly owner: SessionId;
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly pzxid: Zxid;
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly version: number;
  readonly cversion: number;
  /** Children ever created. */
  readonly creates: number;
  readonly children: ReadonlySet<string>;
}

/** What happened to a path; `znode` is absent where it went. */
export interface Moment {
  readonly zxid: Zxid;
  readonly znode: ReferenceZnode | undefined;
}

/** The life of a session, in transactions. */
export interface SessionLife {
  readonly openedZxid: Zxid;
  readonly timeoutMs: number;
  closedZxid: Zxid | undefined;
}

const NO_OWNER = 0n as SessionId;
/** The root as every member begins with it; what is below `/zookeeper` is none of the clients' business. */
const ROOT: ReferenceZnode = {
  data: '',
  owner: NO_OWNER,
  czxid: 0 as Zxid,
  mzxid: 0 as Zxid,
  pzxid: 0 as Zxid,
  ctimeMs: 0,
  mtimeMs: 0,
  version: 0,
  cversion: -1,
  creates: 0,
  children: new Set(['zookeeper']),
};

/**
 * What a tree of znodes is, told once more and as plainly as possible: it takes the committed transactions, one after the other, sees to it that each
 * is one that could be granted, and remembers every state of every path, so that any answer can be held to the state that it claims to show.
 */
export class ReferenceTree {
  readonly sessions = new Map<SessionId, SessionLife>();
  readonly #paths = new Map<string, Moment[]>([['/', [{ zxid: 0 as Zxid, znode: ROOT }]]]);
  readonly #outcomes = new Map<SessionId, Map<number, Transaction>>();
  readonly #ephemerals = new Map<SessionId, Set<string>>();
  /** The last request of each session that changed something. */
  readonly #lastCxid = new Map<SessionId, number>();
  #lastZxid = 0 as Zxid;

  get lastZxid(): Zxid {
    return this.#lastZxid;
  }

  /** What came of a session's request, if anything was committed for it: what it asked for, or that it was refused. */
  outcomeOf(sessionId: SessionId, cxid: number): Transaction | undefined {
    return this.#outcomes.get(sessionId)?.get(cxid);
  }

  /** Everything that happened to a path, oldest first. */
  momentsOf(path: string): readonly Moment[] {
    return this.#paths.get(path) ?? [];
  }

  /** The znode as of a transaction. */
  at(path: string, zxid: Zxid): ReferenceZnode | undefined {
    return this.momentsOf(path).findLast((moment) => moment.zxid <= zxid)?.znode;
  }

  /** The paths that exist now. */
  paths(): string[] {
    return [...this.#paths].filter(([, moments]) => moments.at(-1)?.znode !== undefined).map(([path]) => path);
  }

  /** @throws BrokenPromiseError when it could not have been granted. */
  apply(transaction: Transaction): void {
    const { header, change } = transaction;
    const { cxid, sessionId, zxid } = header;
    const outcomes = this.#outcomes.get(sessionId) ?? new Map<number, Transaction>();
    this.#outcomes.set(sessionId, outcomes.set(cxid, transaction));
    this.#lastZxid = zxid;
    if (change.type === OpCode.createSession) {
      this.#check(!this.sessions.has(sessionId), transaction, 'the session was open already');
      this.sessions.set(sessionId, { openedZxid: zxid, timeoutMs: change.timeoutMs, closedZxid: undefined });
    } else if (change.type === OpCode.closeSession) this.#closeSession(transaction);
    else if (!isRefusal(change)) {
      this.#checkOrder(transaction);
      for (const part of change.type === OpCode.multi ? change.changes : [change]) this.#applyPart(transaction, part);
    }
  }

  /** A session's requests are carried out in its order, once each, and while it lives. */
  #checkOrder(transaction: Transaction): void {
    const { cxid, sessionId } = transaction.header;
    const life = this.sessions.get(sessionId);
    this.#check(life !== undefined, transaction, 'the session was never opened');
    this.#check(life?.closedZxid === undefined, transaction, 'the session was closed before');
    const last = this.#lastCxid.get(sessionId) ?? 0;
    this.#check(cxid > last, transaction, `request ${String(last)} of the same session was carried out before`);
    this.#lastCxid.set(sessionId, cxid);
  }

  #closeSession(transaction: Transaction): void {
    const { sessionId, zxid } = transaction.header;
    const life = this.sessions.get(sessionId);
    // A client that asks twice, once through each of two members, gets two transactions.
    if (life !== undefined && life.closedZxid === undefined) life.closedZxid = zxid;
    for (const path of this.#ephemerals.get(sessionId) ?? []) this.#delete(transaction, path);
    this.#ephemerals.delete(sessionId);
  }

  #applyPart(transaction: Transaction, change: NodeChange): void {
    switch (change.type) {
      case OpCode.create:
      case OpCode.create2:
        this.#create(transaction, change);
        return;
      case OpCode.delete:
        this.#delete(transaction, change.path);
        return;
      case OpCode.setData: {
        const znode = this.#existing(transaction, change.path);
        const { timeMs, zxid } = transaction.header;
        this.#check(change.version === znode.version + 1, transaction, `the version was ${String(znode.version)}`);
        const { version } = change;
        this.#put(transaction, change.path, {
          ...znode,
          data: text(change.data),
          version,
          mzxid: zxid,
          mtimeMs: timeMs,
        });
        return;
      }
      case OpCode.check:
        // As in ZooKeeper's log, the version is the one after.
        this.#check(
          change.version === this.#existing(transaction, change.path).version + 1,
          transaction,
          'the check does not hold',
        );
        return;
      default:
        this.#check(false, transaction, 'no client has asked for such a thing');
    }
  }

  #create(transaction: Transaction, change: Extract<NodeChange, { parentCreates: number }>): void {
    const { path, parentCreates } = change;
    const { sessionId, timeMs, zxid } = transaction.header;
    const parent = this.#existing(transaction, parentPath(path));
    this.#check(this.#now(path) === undefined, transaction, 'the znode was there already');
    this.#check(
      parentCreates === parent.creates + 1,
      transaction,
      `${String(parent.creates)} children were created before`,
    );
    const isEphemeral = 'ephemeral' in change && change.ephemeral;
    const owner = isEphemeral ? sessionId : NO_OWNER;
    if (isEphemeral) {
      const own = this.#ephemerals.get(sessionId);
      if (own === undefined) this.#ephemerals.set(sessionId, new Set([path]));
      else own.add(path);
    }
    const born = { czxid: zxid, mzxid: zxid, pzxid: zxid, ctimeMs: timeMs, mtimeMs: timeMs };
    const data = text(change.data);
    this.#put(transaction, path, { ...born, data, owner, version: 0, cversion: 0, creates: 0, children: new Set() });
    const children = new Set(parent.children).add(nodeName(path));
    this.#put(transaction, parentPath(path), {
      ...parent,
      pzxid: zxid,
      cversion: parent.cversion + 1,
      creates: parentCreates,
      children,
    });
  }

  #delete(transaction: Transaction, path: string): void {
    const { zxid } = transaction.header;
    const { children, owner } = this.#existing(transaction, path);
    this.#check(children.size === 0, transaction, 'the znode has children');
    this.#ephemerals.get(owner)?.delete(path);
    this.#put(transaction, path, undefined);
    const parent = this.#existing(transaction, parentPath(path));
    const rest = new Set(parent.children);
    rest.delete(nodeName(path));
    this.#put(transaction, parentPath(path), { ...parent, pzxid: zxid, cversion: parent.cversion + 1, children: rest });
  }

  #now(path: string): ReferenceZnode | undefined {
    return this.momentsOf(path).at(-1)?.znode;
  }

  #existing(transaction: Transaction, path: string): ReferenceZnode {
    const znode = this.#now(path);
    this.#check(znode !== undefined, transaction, `there is no ${path}`);
    return znode!;
  }

  #put({ header: { zxid } }: Transaction, path: string, znode: ReferenceZnode | undefined): void {
    const moments = this.#paths.get(path);
    if (moments === undefined) this.#paths.set(path, [{ zxid, znode }]);
    else moments.push({ zxid, znode });
  }

  #check(holds: boolean, { header, change }: Transaction, why: string): void {
    if (holds) return;
    const who = `${formatSessionId(header.sessionId)} request ${String(header.cxid)}`;
    const what = 'path' in change ? ` on ${change.path}` : '';
    throw new BrokenPromiseError('Decision', `${formatZxid(header.zxid)}${what} of ${who} should not be: ${why}`);
  }
}

/** Whether a transaction only says that something was refused. */
export function isRefusal(change: Change): boolean {
  if (change.type === OpCode.multi) return change.changes.some(({ type }) => type === OpCode.error);
  return change.type === OpCode.error;
}

const text = (data: Uint8Array | null): string => (data === null ? '' : Buffer.from(data).toString('latin1'));
