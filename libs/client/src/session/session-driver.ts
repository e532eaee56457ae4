import { type ConnectResponse, ErrorCode, OpCode, type SetWatchesRequest, WatcherType } from '@corral/model';
import { formatSessionId } from '@corral/primitives';
import {
  readWatcherEvent,
  type RecordReader,
  writeAuthRequest,
  writeSetWatches2Request,
  writeSetWatchesRequest,
  Xid,
} from '@corral/wire';
import { abortReason } from '../errors/abort-reason.js';
import { ClientClosedError, SessionExpiredError, TooManyRequestsError } from '../errors/connection-errors.js';
import { errorOfCode } from '../errors/error-of-code.js';
import { UnimplementedError } from '../errors/server-errors.js';
import { closeSession, removeWatches } from '../operations/operations.js';
import type { ClientSettings } from '../options.js';
import type { HostAddress } from '../ports/transport.js';
import { Conversation } from '../requests/conversation.js';
import { Request, type RequestParts } from '../requests/request.js';
import { ClientWatches } from '../watches/client-watches.js';
import { needsSetWatches2 } from '../watches/rearm.js';
import { Abilities } from './abilities.js';
import { isConnected, StateFeed } from './connection-state.js';
import { formatHost } from './connect-string.js';
import { type Credential, credentialBytes, Credentials } from './credentials.js';
import { HostRotation } from './host-rotation.js';
import { Link } from './link.js';
import { Session } from './session.js';

/** How long the end of a session may take before the client is closed without the server's answer. */
const CLOSE_TIMEOUT_MS = 2000;

/**
 * Keeps a session with an ensemble alive over any number of connections. One step follows from one event (a connection that opens, an
 * answer, a timer), and runs to completion.
 *
 * Phases: `waiting` for the next attempt; `linking` until the server has answered the handshake; `retiring` while the server is told to
 * end a session that the client has given up; `priming` while credentials and watches are set; `ready` for requests; `closed`.
 */
export class SessionDriver {
  readonly settings: ClientSettings;
  readonly session = new Session();
  readonly states: StateFeed;
  readonly watches: ClientWatches;
  readonly #hosts: HostRotation;
  readonly #abilities = new Abilities();
  readonly #credentials: Credentials;
  readonly #conversation: Conversation;
  #phase: 'waiting' | 'linking' | 'retiring' | 'priming' | 'ready' | 'closed' = 'waiting';
  #link: Link | undefined;
  /** Where the link leads, or the last one did. */
  #address: HostAddress | undefined;
  /** Answers to credentials and watches that are awaited before the connection is ready. */
  #primingLeft = 0;
  #lastHeardMs = 0;
  #attemptTimer: unknown;
  #deadlineTimer: unknown;
  /** Whether the owner has said to close. */
  #isClosing = false;
  #closed: Promise<void> | undefined;
  #onClosed: (() => void) | undefined;
  #closeCause: Error | undefined;

  constructor(settings: ClientSettings) {
    this.settings = settings;
    this.states = new StateFeed(settings.logger);
    this.watches = new ClientWatches(settings.servers.chroot, settings.logger);
    this.#hosts = new HostRotation(settings.servers.hosts, settings.random);
    this.#credentials = new Credentials(settings.auth);
    this.#conversation = new Conversation(settings.requestSizeBytesMax, {
      answered: (zxid) => {
        this.session.saw(zxid);
      },
      armed: (kind, arming) => {
        this.watches.oneShot.add(kind, arming.path, arming.watcher);
      },
      refusedAsUnknown: (type) => {
        this.#serverLacks(type);
      },
    });
    this.#scheduleAttempt(false);
  }

  /** Why no more requests are taken; nothing while they are. */
  get closedError(): Error | undefined {
    if (!this.#isClosing && this.#phase !== 'closed') return undefined;
    return this.#closeCause ?? new ClientClosedError('request');
  }

  /** Whether the server at hand, or the one that was at hand last, is known to lack the operation. */
  lacks(type: OpCode): boolean {
    return this.#abilities.lacks(this.#address, type);
  }

  /** Sends a request when its turn comes, which may be after a reconnect, and gives its answer. */
  submit<Result>(parts: RequestParts, signal?: AbortSignal): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const refusal = this.#refusal(parts);
      if (refusal !== undefined) {
        reject(refusal);
      } else if (signal?.aborted === true) {
        reject(abortReason(signal));
      } else {
        const request = new Request(parts, resolve, reject);
        if (signal !== undefined) request.abandonOn(signal);
        this.#conversation.add(request);
        if (this.#phase === 'ready') this.#link?.scheduleFlush();
      }
    });
  }

  #refusal({ operation }: RequestParts): Error | undefined {
    if (this.#isClosing || this.#phase === 'closed') return this.#closeCause ?? new ClientClosedError(operation.name);
    const { requestsOutstandingMax } = this.settings;
    return this.#conversation.size >= requestsOutstandingMax
      ? new TooManyRequestsError(requestsOutstandingMax)
      : undefined;
  }

  /** Proves an identity now, and on every connection to come. */
  authenticate(credential: Credential): Promise<void> {
    return new Promise((resolve, reject) => {
      const refusal = this.closedError;
      if (refusal !== undefined) {
        reject(refusal);
        return;
      }
      const entry = this.#credentials.add(credential, (error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
      if (this.#phase !== 'ready' || this.#link === undefined) return;
      this.#writeCredential(this.#link, entry);
      this.#link.scheduleFlush();
    });
  }

  /** Ends the session, then the connection. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #close(): Promise<void> {
    if (this.#phase === 'closed') return Promise.resolve();
    const isUp = this.#phase === 'ready' || this.#phase === 'priming';
    const closed = new Promise<void>((resolve) => (this.#onClosed = resolve));
    if (!isUp) {
      this.#finish();
      return closed;
    }
    const finish = (): void => {
      this.#finish();
    };
    // Whatever becomes of it, an answer or a connection that breaks, the client is closed afterwards.
    this.submit({ operation: closeSession, body: undefined, path: undefined }).then(finish, finish);
    this.#isClosing = true;
    this.#deadlineTimer = this.settings.timers.setTimeout(finish, CLOSE_TIMEOUT_MS);
    return closed;
  }

  #finish(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#clearTimers();
    this.#link?.end();
    this.#link = undefined;
    const cause = this.#closeCause;
    this.#conversation.failAll(({ operation }) => cause ?? new ClientClosedError(operation.name));
    this.#credentials.close(cause ?? new ClientClosedError('addAuth'));
    this.states.become('closed');
    this.#onClosed?.();
  }

  #clearTimers(): void {
    this.settings.timers.clearTimeout(this.#attemptTimer);
    this.settings.timers.clearTimeout(this.#deadlineTimer);
  }

  #scheduleAttempt(afterLoss: boolean): void {
    const { address, delayMs } = this.#hosts.next(afterLoss);
    this.#phase = 'waiting';
    this.#attemptTimer = this.settings.timers.setTimeout(() => {
      this.#attempt(address);
    }, delayMs);
  }

  #attempt(address: HostAddress): void {
    const { connectTimeoutMs, readOnly, replySizeBytesMax, sessionTimeoutMs, timers, transport } = this.settings;
    const greeting = this.session.greeting(sessionTimeoutMs, readOnly);
    this.#phase = 'linking';
    this.#address = address;
    this.#link = new Link(
      { transport, timers, address, greeting, connectTimeoutMs, replySizeBytesMax },
      {
        onGreeted: (response) => {
          this.#greeted(response);
        },
        onReply: (xid, zxid, err, reader) => {
          this.#replied(xid, zxid, err, reader);
        },
        onWritable: () => {
          if (this.#phase === 'ready') this.#conversation.write(this.#link!);
        },
        onDown: (reason, cause) => {
          this.#down(reason, cause);
        },
      },
    );
  }

  #greeted(response: ConnectResponse): void {
    const link = this.#link!;
    if (response.timeoutMs <= 0) {
      this.#sessionRefused(link);
      return;
    }
    if (this.session.isRetired) {
      this.#retire(link, response);
      return;
    }
    this.settings.timers.clearTimeout(this.#deadlineTimer);
    this.#hosts.worked();
    this.session.granted(response);
    link.keepAlive(response.timeoutMs);
    this.#prime(link);
  }

  /** The server does not know the session any more; or, to a client that asked for a new one, does not want it. */
  #sessionRefused(link: Link): void {
    const wasRetired = this.session.isRetired;
    if (!this.session.isEstablished) {
      link.drop();
      this.#down('the server refuses a new session', undefined);
      return;
    }
    link.drop();
    this.#link = undefined;
    this.#hosts.prefer(link.address);
    if (!wasRetired) this.#lose('the server has ended it');
    this.session.reset();
    this.#scheduleAttempt(false);
  }

  /** The client gave the session up while no server was to be reached, and this one still has it: it ends before a new one begins. */
  #retire(link: Link, response: ConnectResponse): void {
    this.#phase = 'retiring';
    link.keepAlive(response.timeoutMs);
    const again = (): void => {
      if (this.#phase !== 'retiring') return;
      link.drop();
      this.#link = undefined;
      this.#hosts.prefer(link.address);
      this.session.reset();
      this.#scheduleAttempt(false);
    };
    this.#conversation.writeClose(link, again);
  }

  /** Credentials first, then the watches, and only then what the caller asks. */
  #prime(link: Link): void {
    this.#phase = 'priming';
    this.#primingLeft = 0;
    for (const entry of this.#credentials.all()) {
      this.#writeCredential(link, entry);
      this.#primingLeft += 1;
    }
    const withPersistent = !this.lacks(OpCode.addWatch) && !this.lacks(OpCode.setWatches2);
    for (const request of this.watches.rearm(this.session.lastZxid, withPersistent)) {
      this.#writeSetWatches(link, request);
      this.#primingLeft += 1;
    }
    if (this.#primingLeft === 0) this.#becomeReady();
    else link.scheduleFlush();
  }

  #writeCredential(link: Link, entry: ReturnType<Credentials['add']>): void {
    const at = link.frames.beginFrame();
    link.frames.writeInt(Xid.auth);
    link.frames.writeInt(OpCode.auth);
    writeAuthRequest(link.frames, {
      type: 0,
      scheme: entry.credential.scheme,
      auth: credentialBytes(entry.credential),
    });
    link.frames.endFrame(at);
    this.#credentials.sent(entry);
  }

  #writeSetWatches({ frames }: Link, request: SetWatchesRequest): void {
    const whole = needsSetWatches2(request);
    const at = frames.beginFrame();
    frames.writeInt(Xid.setWatches);
    frames.writeInt(whole ? OpCode.setWatches2 : OpCode.setWatches);
    (whole ? writeSetWatches2Request : writeSetWatchesRequest)(frames, request);
    frames.endFrame(at);
  }

  /**
   * Takes a persistent watch from the server, after its last listener has left. Servers before 3.9 can only remove all watches of a
   * path at once; those that others still want are set again, compared with what was seen before, so that nothing is missed.
   */
  removePersistentWatch(fullPath: string): void {
    if (this.#phase !== 'ready') return;
    const seen = this.session.lastZxid;
    const body = { path: fullPath, type: WatcherType.any };
    this.submit({ operation: removeWatches, body, path: fullPath }).then(
      () => {
        const link = this.#link;
        if (this.#phase !== 'ready' || link === undefined) return;
        for (const request of this.watches.rearmPath(fullPath, seen)) this.#writeSetWatches(link, request);
        link.scheduleFlush();
      },
      (error: unknown) => {
        this.settings.logger('debug', 'a watch could not be removed', { path: fullPath, cause: String(error) });
      },
    );
  }

  #becomeReady(): void {
    const { current } = this.states;
    this.#phase = 'ready';
    this.settings.logger('info', 'connected', {
      server: formatHost(this.#link!.address),
      session: formatSessionId(this.session.id),
      timeoutMs: this.session.timeoutMs,
    });
    const continues = current === 'suspended';
    this.states.become(this.session.isReadOnly ? 'read-only' : continues ? 'reconnected' : 'connected');
    const persistent = this.watches.persistent.all();
    if (this.lacks(OpCode.addWatch) || this.lacks(OpCode.setWatches2)) this.#failPersistentWatches();
    else for (const { onArmed } of persistent) onArmed();
    this.#link?.scheduleFlush();
  }

  #failPersistentWatches(): void {
    for (const { onFailed } of this.watches.persistent.clear()) onFailed(new UnimplementedError('addWatch', undefined));
  }

  #replied(xid: number, zxid: number, err: number, reader: RecordReader): void {
    switch (xid) {
      case Xid.watcherEvent:
        this.watches.take(readWatcherEvent(reader), zxid);
        return;
      case Xid.auth:
        this.#credentialAnswered(err);
        return;
      case Xid.setWatches:
        if (err === ErrorCode.unimplemented) this.#serverLacks(OpCode.setWatches2);
        else this.#primed();
        return;
      default:
        this.#conversation.take(xid, zxid, err, reader);
    }
  }

  #credentialAnswered(err: number): void {
    const error = err === 0 ? undefined : errorOfCode(err, 'auth', undefined);
    if (this.#credentials.answered(error)) {
      this.settings.logger('error', 'the server refuses the credentials; the client is closed');
      this.#closeCause = error;
      this.#finish();
    } else if (error === undefined) {
      this.#primed();
    } else {
      // The server is about to hang up; the next connection goes without this credential.
      this.#abandonLink('the server refuses a credential');
    }
  }

  #primed(): void {
    if (this.#phase !== 'priming') return;
    this.#primingLeft -= 1;
    if (this.#primingLeft === 0) this.#becomeReady();
  }

  /** The server lacks an operation that there is another way for; such a server hangs up, so that the other way needs a new connection. */
  #serverLacks(type: OpCode): void {
    const link = this.#link;
    if (link === undefined || !this.#abilities.isMissing(link.address, type)) return;
    this.#hosts.prefer(link.address);
    this.#abandonLink(`the server does not know operation ${type}`);
  }

  #abandonLink(reason: string): void {
    this.#link?.drop();
    this.#down(reason, undefined);
  }

  #down(reason: string, cause: Error | undefined): void {
    const link = this.#link;
    if (link === undefined) return;
    this.#link = undefined;
    const worked = this.#phase === 'ready' || this.#phase === 'priming';
    const level = worked ? 'warn' : 'debug';
    this.settings.logger(level, 'no connection', { server: formatHost(link.address), reason });
    this.#credentials.connectionLost();
    if (worked) {
      this.#lastHeardMs = link.lastHeardMs;
      this.#watchDeadline();
    }
    if (isConnected(this.states.current)) this.states.become('suspended');
    this.#conversation.connectionLost(cause ?? new Error(reason));
    if (this.#isClosing) this.#finish();
    else if (this.#phase !== 'closed') this.#scheduleAttempt(worked);
  }

  /** When no server was heard for as long as the session lives, it must be presumed to be over, whatever the servers think. */
  #watchDeadline(): void {
    const { timers } = this.settings;
    timers.clearTimeout(this.#deadlineTimer);
    const leftMs = Math.max(this.#lastHeardMs + this.session.timeoutMs - timers.nowMs(), 0);
    this.#deadlineTimer = timers.setTimeout(() => {
      // What the sockets hold is taken in first: the process may have been stopped for a while.
      timers.defer(() => {
        const isWaiting = this.#phase === 'waiting' || this.#phase === 'linking';
        if (!isWaiting || !this.session.isEstablished || this.session.isRetired) return;
        if (timers.nowMs() - this.#lastHeardMs < this.session.timeoutMs) return;
        this.session.isRetired = true;
        this.#lose('no server was heard for as long as it lives');
      });
    }, leftMs);
  }

  #lose(reason: string): void {
    this.settings.logger('warn', 'the session is lost', { session: formatSessionId(this.session.id), reason });
    this.#conversation.failAll(({ operation, path }) => new SessionExpiredError(operation.name, path));
    // Before the state is told, so that whoever hears of it and asks for something gets it from the next session.
    this.states.become('lost');
  }
}
