import { type Acl, OpCode, type Stat } from '@corral/model';
import { NO_SESSION, type SessionId, type Zxid } from '@corral/primitives';
import type { ClientInfo } from '@corral/wire';
import { checkAcl, checkVersion } from './check-option.js';
import { type CallOptions, Context } from './context.js';
import { bytesOf, type ZnodeData } from './operations/create-request.js';
import { type CreateOptions, createZnode } from './operations/create-znode.js';
import { deleteRecursive } from './operations/delete-recursive.js';
import { ensurePath, type EnsurePathOptions } from './operations/ensure-path.js';
import {
  multi,
  type MultiOperation,
  multiRead,
  type MultiReadOperation,
  type MultiReadResult,
  type MultiResult,
} from './operations/multi.js';
import * as operations from './operations/operations.js';
import { reconfigure, type ReconfigureRequest } from './operations/reconfigure.js';
import { type ClientOptions, settle } from './options.js';
import type { ConnectionState } from './session/connection-state.js';
import type { Credential } from './session/credentials.js';
import { addAuth } from './session/add-auth.js';
import { SessionDriver } from './session/session-driver.js';
import { untilConnected } from './session/until-connected.js';
import { iterableOf } from './streams/mailbox.js';
import { watchEvents, type WatchEventsOptions } from './streams/watch-events.js';
import { watchChildren, watchData } from './streams/watch-value.js';
import type { Resync, Watcher, WatchEvent } from './watches/watch-event.js';

/** The version that a change expects the znode to have; any, when there is none. */
export interface VersionOptions extends CallOptions {
  readonly version?: number;
}

/**
 * A session with a ZooKeeper or Corral ensemble. It connects at once and stays connected by itself, over any number of connections and,
 * when a session is lost, over sessions; requests wait for a connection, and end with an error only when their outcome is unknown
 * (`ConnectionLossError`, writes only), the session has ended (`SessionExpiredError`), or the server refuses them (`ServerError`).
 * Every path is below the chroot, if there is one. Nothing is ever thrown or emitted that nobody asked for.
 */
export class Client {
  readonly #driver: SessionDriver;
  readonly #context: Context;

  /** Begins to connect. @throws InvalidOptionError */
  constructor(options: ClientOptions) {
    this.#driver = new SessionDriver(settle(options));
    this.#context = new Context(this.#driver);
  }

  /**
   * A client that is connected. When the wait is aborted, the credentials are refused or no TLS is to be had, it is closed again.
   * @throws InvalidOptionError, AuthFailedError, TlsError, the signal's reason
   */
  static async connect(options: ClientOptions, call?: CallOptions): Promise<Client> {
    const client = new Client(options);
    try {
      await client.connected(call);
    } catch (error) {
      await client.close();
      throw error;
    }
    return client;
  }

  /** Resolves when the client is connected, now or later. @throws ClientClosedError, AuthFailedError, TlsError, the signal's reason */
  connected(call?: CallOptions): Promise<void> {
    return untilConnected(this.#driver.states, call?.signal, () => this.#driver.closedError);
  }

  get state(): ConnectionState {
    return this.#driver.states.current;
  }

  /** 0 before the first session, and between one that was lost and the next. */
  get sessionId(): SessionId {
    const { session } = this.#driver;
    return session.isRetired ? NO_SESSION : session.id;
  }

  /** What the server granted; 0 while there is no session. */
  get sessionTimeoutMs(): number {
    return this.#driver.session.timeoutMs;
  }

  /** The newest transaction that this session has seen. */
  get lastZxid(): Zxid {
    return this.#driver.session.lastZxid;
  }

  /** The changes of state from now on; the last is `closed`. */
  states(call?: CallOptions): AsyncIterable<ConnectionState> {
    return iterableOf(() => this.#driver.states.open(call?.signal));
  }

  /** Calls the listener at every change of state, from within the change; the function that comes back removes it. */
  onState(listener: (state: ConnectionState) => void): () => void {
    return this.#driver.states.listen(listener);
  }

  /** Creates a znode and answers with its path, which has a number at its end when the mode is sequential. @throws NodeExistsError, NoNodeError */
  async create(path: string, data?: ZnodeData, options: CreateOptions = {}): Promise<string> {
    return (await createZnode(this.#context, path, data, options, false)).path;
  }

  /** As `create`, with the stat of the new znode. */
  async create2(path: string, data?: ZnodeData, options: CreateOptions = {}): Promise<operations.Created> {
    const { path: created, stat } = await createZnode(this.#context, path, data, options, true);
    return { path: created, stat: stat! };
  }

  /** Makes sure that the znode and all above it exist, the chroot too; what has to be created below that becomes a container, unless the options say otherwise. */
  async ensurePath(path: string, options: EnsurePathOptions = {}): Promise<void> {
    this.#context.full(path);
    await ensurePath(this.#context, path, options);
  }

  /** @throws NoNodeError */
  async get(path: string, call?: CallOptions): Promise<operations.Znode> {
    return this.#context.read(operations.getData, path, call);
  }

  /** As `get`; `undefined` when there is no such znode. */
  async getOrUndefined(path: string, call?: CallOptions): Promise<operations.Znode | undefined> {
    return this.#context.read(operations.getDataIfAny, path, call);
  }

  /** The znode's stat; `undefined` when there is no such znode. */
  async exists(path: string, call?: CallOptions): Promise<Stat | undefined> {
    return this.#context.read(operations.exists, path, call);
  }

  /** @throws NoNodeError, BadVersionError */
  async set(path: string, data: ZnodeData, options: VersionOptions = {}): Promise<Stat> {
    const body = { path: this.#context.full(path), data: bytesOf(data), version: checkVersion(options.version) };
    return this.#context.ask(operations.setData, path, body, options);
  }

  /** @throws NoNodeError, BadVersionError, NotEmptyError */
  async delete(path: string, options: VersionOptions = {}): Promise<void> {
    const body = { path: this.#context.full(path), version: checkVersion(options.version) };
    return this.#context.ask(operations.deleteZnode, path, body, options);
  }

  /** Deletes the znode and all below it, one by one, the deepest first. It is no error when there is nothing. */
  async deleteRecursive(path: string, call?: CallOptions): Promise<void> {
    this.#context.full(path);
    await deleteRecursive(this.#context, path, call);
  }

  /** The names of the children, sorted. @throws NoNodeError */
  async children(path: string, call?: CallOptions): Promise<string[]> {
    return this.#context.read(operations.getChildren, path, call);
  }

  /** @throws NoNodeError */
  async childrenWithStat(path: string, call?: CallOptions): Promise<operations.ChildList> {
    return this.#context.read(operations.getChildren2, path, call);
  }

  /** @throws NoNodeError */
  async getAcl(path: string, call?: CallOptions): Promise<{ acl: readonly Acl[]; stat: Stat }> {
    return this.#context.ask(operations.getAcl, path, { path: this.#context.full(path) }, call);
  }

  /** The version meant is that of the ACL (`aversion`). @throws NoNodeError, BadVersionError, InvalidAclError */
  async setAcl(path: string, acl: readonly Acl[], options: VersionOptions = {}): Promise<Stat> {
    const version = checkVersion(options.version);
    const body = { path: this.#context.full(path), acl: checkAcl('acl', acl), version };
    return this.#context.ask(operations.setAcl, path, body, options);
  }

  /** The paths of this session's ephemeral znodes that begin with the prefix. From servers of 3.6 on. @throws UnimplementedError */
  async getEphemerals(prefix = '/', call?: CallOptions): Promise<string[]> {
    const paths = await this.#context.ask(operations.getEphemerals, prefix, { path: this.#context.full(prefix) }, call);
    return paths.map((path) => this.#context.outside(path));
  }

  /** How many znodes there are below the path. From servers of 3.6 on. @throws NoNodeError, UnimplementedError */
  async countDescendants(path: string, call?: CallOptions): Promise<number> {
    return this.#context.ask(operations.getAllChildrenNumber, path, { path: this.#context.full(path) }, call);
  }

  /** After this, reads see everything that was acknowledged to anybody before. */
  async sync(path = '/', call?: CallOptions): Promise<void> {
    return this.#context.ask(operations.sync, path, { path: this.#context.full(path) }, call);
  }

  /** The identities that the server sees in this connection. From servers of 3.7 on. @throws UnimplementedError */
  async whoAmI(call?: CallOptions): Promise<ClientInfo[]> {
    return this.#context.ask(operations.whoAmI, undefined, undefined, call);
  }

  /** Proves an identity, now and on every connection to come. @throws AuthFailedError, after which the identity is not offered again */
  addAuth(scheme: string, data: Credential['data']): Promise<void> {
    return addAuth(this.#driver, { scheme, data });
  }

  /** Changes the members of the ensemble, and answers with the new configuration. @throws BadVersionError, ReconfigDisabledError, … */
  reconfig(request: ReconfigureRequest, call?: CallOptions): Promise<operations.Znode> {
    return reconfigure(this.#context, request, call);
  }

  /** The ensemble's configuration, as it stands in `/zookeeper/config`; the chroot does not count. */
  getConfig(call?: CallOptions): Promise<operations.Znode> {
    const path = '/zookeeper/config';
    return this.#context.ask(operations.getData, path, { path, watch: false }, call);
  }

  /** Does all changes, or none of them. @throws MultiError that says which one failed, and why */
  async multi(changes: readonly MultiOperation[], call?: CallOptions): Promise<MultiResult[]> {
    return multi(this.#context, changes, call);
  }

  /** Many reads in one request; each has a result of its own. */
  async multiRead(reads: readonly MultiReadOperation[], call?: CallOptions): Promise<MultiReadResult[]> {
    return multiRead(this.#context, reads, call);
  }

  /** As `get`, and calls the watcher once, at the next change. @throws NoNodeError, and then there is no watch */
  async getWithWatch(path: string, watcher: Watcher, call?: CallOptions): Promise<operations.Znode> {
    return this.#context.read(operations.getData, path, call, { kind: 'data', watcher });
  }

  /** As `exists`, and calls the watcher once, when the znode is created, changed or deleted. */
  async existsWithWatch(path: string, watcher: Watcher, call?: CallOptions): Promise<Stat | undefined> {
    return this.#context.read(operations.exists, path, call, { kind: 'exists', watcher });
  }

  /** As `childrenWithStat`, and calls the watcher once, when a child comes or goes. @throws NoNodeError, and then there is no watch */
  async childrenWithWatch(path: string, watcher: Watcher, call?: CallOptions): Promise<operations.ChildList> {
    return this.#context.read(operations.getChildren2, path, call, { kind: 'children', watcher });
  }

  /** The watcher is not called any more. */
  removeWatcher(path: string, watcher: Watcher): void {
    this.#driver.watches.oneShot.remove(this.#context.full(path), watcher);
  }

  /**
   * A persistent watch as a stream. It begins with a `resync`, when the watch stands; another follows each reconnect, because events may
   * have been missed: on a `resync`, read what you keep. From servers before 3.6 a recursive one fails with `UnimplementedError`, and of
   * one that is not recursive quick changes may be seen as one. Ends when the signal says so or the client is closed.
   */
  watchEvents(path: string, options: WatchEventsOptions = {}): AsyncIterable<WatchEvent | Resync> {
    return watchEvents(this.#context, path, options);
  }

  /** The znode's data: what it is now, then what it becomes, over reconnects and sessions; `undefined` while it does not exist. */
  watchData(path: string, call?: CallOptions): AsyncIterable<operations.Znode | undefined> {
    return watchData(this.#context, path, call);
  }

  /** The znode's children, likewise. */
  watchChildren(path: string, call?: CallOptions): AsyncIterable<operations.ChildList | undefined> {
    return watchChildren(this.#context, path, call);
  }

  /** Whether the server at hand knows persistent watches (3.6 on), as far as is known. */
  get knowsPersistentWatches(): boolean {
    return !this.#driver.lacks(OpCode.addWatch);
  }

  /** Ends the session, and with it its ephemeral znodes, then the connection. Never rejects. */
  close(): Promise<void> {
    return this.#driver.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
