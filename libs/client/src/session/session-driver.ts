import { type ConnectResponse, OpCode, type SetWatchesRequest } from '@corral/model';
import { formatSessionId } from '@corral/primitives';
import { SessionExpiredError, TooManyRequestsError } from '../errors/connection-errors.js';
import { TlsError } from '../errors/tls-error.js';
import { closeSession } from '../operations/operations.js';
import type { ClientSettings } from '../options.js';
import type { HostAddress } from '../ports/transport.js';
import { Conversation } from '../requests/conversation.js';
import { Request } from '../requests/request.js';
import { ClientWatches } from '../watches/client-watches.js';
import { Abilities } from './abilities.js';
import { isConnected, StateFeed } from './connection-state.js';
import { formatHost } from './connect-string.js';
import type { Credential } from './credentials.js';
import { Deadline } from './deadline.js';
import { Dialer } from './dialer.js';
import { Ending } from './ending.js';
import type { Link } from './link.js';
import { Primer } from './primer.js';
import { ReadWriteSearch } from './read-write-search.js';
import { type ReplyTakers, routeReply } from './route-reply.js';
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
  readonly #dialer: Dialer;
  readonly #abilities: Abilities;
  readonly #primer: Primer;
  readonly #deadline: Deadline;
  readonly #conversation: Conversation;
  readonly #takers: ReplyTakers;
  readonly #search: ReadWriteSearch;
  readonly #ending = new Ending();
  #phase: 'waiting' | 'linking' | 'retiring' | 'priming' | 'ready' | 'closed' = 'waiting';
  #link: Link | undefined;

  constructor(settings: ClientSettings) {
    this.settings = settings;
    this.states = new StateFeed(settings.logger);
    this.watches = new ClientWatches(settings.servers.chroot, settings.watchesMax, settings.logger);
    this.#dialer = new Dialer(settings);
    this.#abilities = new Abilities(this.#dialer);
    this.#deadline = new Deadline(settings.timers);
    this.#search = new ReadWriteSearch(settings, (address) => this.#moveTo(address));
    this.#primer = new Primer(settings.auth, {
      primed: () => this.#becomeReady(),
      refused: (error, fatal) => this.#credentialRefused(error, fatal),
      lacksSetWatches2: () => this.#serverLacks(OpCode.setWatches2),
    });
    this.#conversation = new Conversation(settings.requestSizeBytesMax, {
      answered: (zxid) => this.session.saw(zxid),
      knows: (type) => this.#abilities.answered(type),
      armed: (kind, arming) => this.watches.oneShot.add(kind, arming.path, arming.watcher),
      needsWatch: (arming) => this.watches.needsWatch(arming),
      refusedAsUnknown: (type) => this.#serverLacks(type),
    });
    this.#takers = { conversation: this.#conversation, primer: this.#primer, watches: this.watches };
    this.#scheduleAttempt(false);
  }

  /** Why the client is closed, or closes. */
  get closedError(): Error {
    return this.#ending.errorFor('request');
  }

  /** Whether requests are sent as they come. */
  get isReady(): boolean {
    return this.#phase === 'ready';
  }

  /** Whether the server at hand, or the one that was at hand last, is known to lack the operation. */
  lacks(type: OpCode): boolean {
    return this.#abilities.lacks(type);
  }

  /** Why no more requests are taken just now; nothing while they are. */
  refusal(operation: string): Error | undefined {
    if (this.#ending.isWanted || this.#phase === 'closed') return this.#ending.errorFor(operation);
    const { requestsOutstandingMax } = this.settings;
    return this.#conversation.size < requestsOutstandingMax
      ? undefined
      : new TooManyRequestsError(requestsOutstandingMax);
  }

  /** Takes a request in; it is sent when its turn comes. */
  enter(request: Request): void {
    this.#conversation.add(request);
    if (this.isReady) this.#link?.scheduleFlush();
  }

  /** Proves an identity now, and on every connection to come; `settle` is called once. */
  authenticate(credential: Credential, settle: (error: Error | undefined) => void): void {
    this.#primer.add(credential, this.isReady ? this.#link : undefined, settle);
  }

  /** Ends the session, then the connection. */
  close(): Promise<void> {
    if (!this.#ending.isWanted) {
      this.#ending.isWanted = true;
      this.#beginClose();
    }
    return this.#ending.done;
  }

  #beginClose(): void {
    const finish = (): void => this.#finish();
    if (this.#phase !== 'ready' && this.#phase !== 'priming') {
      finish();
      return;
    }
    // Whatever becomes of it, an answer or a connection that breaks, the client is closed afterwards.
    this.enter(new Request({ operation: closeSession, body: undefined, path: undefined }, finish, finish));
    this.#deadline.set(this.settings.timers.nowMs() + CLOSE_TIMEOUT_MS, finish);
  }

  #finish(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#dialer.cancel();
    this.#search.stop();
    this.#deadline.clear();
    this.#link?.end();
    this.#link = undefined;
    this.#conversation.failAll(({ operation }) => this.#ending.errorFor(operation.name));
    this.#primer.close(this.#ending.errorFor('addAuth'));
    this.states.become('closed');
    this.#ending.reached();
  }

  #scheduleAttempt(afterLoss: boolean): void {
    this.#phase = 'waiting';
    this.#dialer.schedule(afterLoss, (address) => this.#attempt(address));
  }

  #attempt(address: HostAddress): void {
    const { readOnly, sessionTimeoutMs } = this.settings;
    this.#phase = 'linking';
    this.#link = this.#dialer.dial(address, this.session.greeting(sessionTimeoutMs, readOnly), {
      onGreeted: (response) => this.#greeted(response),
      onReply: (xid, zxid, err, reader) => routeReply(this.#takers, xid, zxid, err, reader),
      onWritable: () => {
        if (this.#phase === 'ready') this.#conversation.write(this.#link!);
      },
      onDown: (reason, cause, isHangUp) => this.#down(reason, cause, isHangUp),
    });
  }

  #greeted(response: ConnectResponse): void {
    const link = this.#link!;
    if (response.timeoutMs <= 0) {
      this.#sessionRefused(link, response);
    } else if (this.session.isRetired) {
      // The client gave the session up while no server was to be reached: it ends before a new one begins.
      this.#phase = 'retiring';
      link.keepAlive(response.timeoutMs);
      this.#conversation.writeClose(link, () => this.#beginAnew(link));
    } else {
      this.#deadline.clear();
      this.#dialer.worked();
      this.session.granted(response);
      link.keepAlive(response.timeoutMs);
      this.#prime(link);
    }
  }

  /** The server does not know the session any more; or, to a client that asked for a new one, does not want the client. */
  #sessionRefused(link: Link, { readOnly }: ConnectResponse): void {
    // A server without a quorum cannot know what became of a session elsewhere.
    const isFinal = this.session.isKnown && (readOnly !== true || this.session.isRetired);
    if (!isFinal) {
      this.#abandonLink('the server refuses the session');
      return;
    }
    this.#deadline.clear();
    if (!this.session.isRetired) this.#lose('the server has ended it');
    this.#beginAnew(link);
  }

  /** The old session is gone for good: a new one is asked for, of the same server. */
  #beginAnew(link: Link): void {
    if (this.#phase === 'closed') return;
    link.drop();
    this.#link = undefined;
    this.session.reset();
    this.#dialer.again();
    this.#scheduleAttempt(false);
  }

  /** Credentials first, then the watches, and only then what the caller asks. */
  #prime(link: Link): void {
    this.#phase = 'priming';
    const watches = this.watches.rearm(this.session.lastZxid, this.#abilities.hasPersistentWatches);
    if (!this.#primer.begin(link, watches)) this.#becomeReady();
  }

  /** Sets watches anew on a connection that is ready. */
  setWatchesAgain(requests: readonly SetWatchesRequest[]): void {
    const link = this.#link;
    if (!this.isReady || link === undefined) return;
    for (const request of requests) this.#primer.writeSetWatches(link, request);
    link.scheduleFlush();
  }

  #becomeReady(): void {
    const { session } = this;
    this.#phase = 'ready';
    this.settings.logger('info', session.isReadOnly ? 'connected, read-only' : 'connected', {
      server: formatHost(this.#link!.address),
      session: formatSessionId(session.id),
      timeoutMs: session.timeoutMs,
    });
    if (session.isReadOnly) this.#search.start();
    this.#abilities.answered(OpCode.setWatches2);
    this.states.become(session.announce());
    this.watches.rearmed(this.#abilities.hasPersistentWatches);
    this.#link?.scheduleFlush();
  }

  #credentialRefused(error: Error, fatal: boolean): void {
    // A server that refuses one hangs up; the next connection goes without this credential.
    if (fatal) this.#giveUp(error);
    else this.#abandonLink('the server refuses a credential');
  }

  /** Trying again will not help. */
  #giveUp(cause: Error): void {
    this.settings.logger('error', 'the client gives up and is closed', { cause: cause.message });
    this.#ending.cause = cause;
    this.#finish();
  }

  /** The server lacks an operation that there is another way for; such a server hangs up, so that the other way needs a new connection. */
  #serverLacks(type: OpCode): void {
    if (this.#abilities.isMissing(type)) this.#abandonLink(`the server does not know operation ${type}`);
  }

  /** The server at hand has hung up, perhaps at an operation that it does not know. */
  #hungUp(): void {
    const due = this.#primer.due ?? this.#conversation.due;
    if (due !== undefined && this.#abilities.hungUpAt(due)) this.#conversation.refuseDue(due);
  }

  /** A server that takes writes was found, while the one at hand does not. */
  #moveTo(address: HostAddress): void {
    this.#dialer.prefer(address);
    this.#abandonLink(`${formatHost(address)} takes writes`);
  }

  #abandonLink(reason: string): void {
    this.#link?.drop();
    this.#down(reason, undefined);
  }

  #down(reason: string, cause: Error | undefined, isHangUp = false): void {
    const link = this.#link;
    if (link === undefined) return;
    this.#link = undefined;
    this.#search.stop();
    const worked = this.#phase === 'ready' || this.#phase === 'priming';
    if (isHangUp) this.#hungUp();
    const fault = this.#dialer.failed(cause);
    const level = worked || cause instanceof TlsError ? 'warn' : 'debug';
    this.settings.logger(level, 'no connection', { server: formatHost(link.address), reason });
    this.#primer.connectionLost();
    if (worked) {
      // When no server was heard for as long as the session lives, it must be presumed to be over, whatever the servers think.
      this.#deadline.set(link.lastHeardMs + this.session.timeoutMs, () => {
        this.#lose('no server was heard for as long as it lives');
      });
    }
    if (isConnected(this.states.current)) this.states.become('suspended');
    // A server without a quorum does no write, and ends its connections before it becomes one that does.
    this.#conversation.connectionLost(cause ?? new Error(reason), !this.session.isReadOnly);
    if (fault !== undefined) this.#giveUp(fault);
    else if (this.#ending.isWanted) this.#finish();
    else if (this.#phase !== 'closed') this.#scheduleAttempt(worked);
  }

  #lose(reason: string): void {
    this.settings.logger('warn', 'the session is lost', { session: formatSessionId(this.session.id), reason });
    this.session.retire(this.settings.readOnly);
    this.#conversation.failAll(({ operation, path }) => new SessionExpiredError(operation.name, path));
    // Before the state is told, so that whoever hears of it and asks for something gets it from the next session.
    this.states.become('lost');
  }
}
