import { formatSessionId, NO_SESSION, type ServerId, type SessionId, sessionIdOf, type Zxid } from '@corral/primitives';
import { ErrorCode } from '@corral/model';
import { FrameSplitter, readConnectResponse, RecordReader } from '@corral/wire';
import type { AnswersChecker, Asked } from '../checkers/answers.js';
import { BrokenPromiseError } from '../checkers/broken-promise.js';
import type { ReferenceTree } from '../checkers/reference-tree.js';
import type { SessionsChecker } from '../checkers/sessions.js';
import { WatchesChecker } from '../checkers/watches.js';
import type { Connection, Network } from '../world/network.js';
import type { Prng } from '../../prng.js';
import type { Timeline } from '../world/timeline.js';
import type { Trace } from '../world/trace.js';
import { type Answer, greetingFrame, readBody, type Request, requestFrame, xidOf } from './requests.js';

const FRAME_BYTES_MAX = 1024 * 1024;
const EVENT_XID = -1;
const NO_PASSWORD = Buffer.alloc(16);

/** A member as clients see it. */
export interface ServingMember {
  readonly serverId: ServerId;
  readonly isUp: boolean;
  acceptClient(connection: Connection<Buffer>): void;
}

/** What a client lives with. */
export interface ClientPorts {
  readonly name: string;
  /** Where it stands on the network; members have the small numbers. */
  readonly address: ServerId;
  readonly timeoutMs: number;
  readonly members: readonly ServingMember[];
  readonly timeline: Timeline;
  readonly prng: Prng;
  readonly trace: Trace;
  readonly network: Network<Buffer>;
  readonly tree: ReferenceTree;
  readonly answers: AnswersChecker;
  readonly sessions: SessionsChecker;
  /** The client has its session, again or newly, and nothing under way. */
  readonly ready: () => void;
  /** An answer has come; `isIdle` when no other is awaited. */
  readonly answered: (asked: Asked, answer: Answer, isIdle: boolean) => void;
}

/** One life of a connection. */
interface Attachment {
  readonly connection: Connection<Buffer>;
  readonly splitter: FrameSplitter;
  readonly asked: Asked[];
  isGreeted: boolean;
  heardAtMs: number;
}

/**
 * A client of the ensemble on the wire protocol, with a session that it takes from member to member. Everything that it hears is judged at once. It
 * does what a client library does: it pings, gives up a silent member, comes back with session, password and watches, and begins anew when it
 * hears that its session is over.
 */
export class SimulatedClient {
  readonly name: string;
  readonly watches: WatchesChecker;
  readonly #ports: ClientPorts;
  readonly #reader = new RecordReader();
  #attachment: Attachment | undefined;
  #sessionId = NO_SESSION;
  #password: Buffer = NO_PASSWORD;
  #lastZxid = 0 as Zxid;
  #xid = 0;
  #isLeaving = false;
  #isDead = false;

  constructor(ports: ClientPorts) {
    this.#ports = ports;
    this.name = ports.name;
    this.watches = new WatchesChecker(ports.name, ports.tree);
  }

  get sessionId(): SessionId {
    return this.#sessionId;
  }

  /** Whether it can ask, and has no session to end. */
  get isReady(): boolean {
    return this.#attachment?.isGreeted === true && !this.#isLeaving;
  }

  get outstanding(): number {
    return this.#attachment?.asked.length ?? 0;
  }

  start(): void {
    this.#connect();
    this.#pingLater();
  }

  /* Connections. */

  #connect(): void {
    if (this.#isDead) return;
    const { address, members, network, prng, timeline } = this.#ports;
    const member = prng.pick(members);
    timeline.after(network.delayMs() * 2, () => {
      if (this.#isDead || this.#attachment !== undefined) return;
      if (!member.isUp) {
        this.#connectLater();
        return;
      }
      const connection = network.open(address, member.serverId);
      const attachment = {
        connection,
        splitter: new FrameSplitter(FRAME_BYTES_MAX),
        asked: [],
        isGreeted: false,
        heardAtMs: timeline.nowMs,
      };
      this.#attachment = attachment;
      connection.endpoints.set(address, {
        onMessage: (_connection, bytes) => {
          if (this.#attachment === attachment) this.#received(attachment, bytes);
        },
        onClosed: () => {
          if (this.#attachment === attachment) this.#lost('it was closed');
        },
      });
      member.acceptClient(connection);
      this.#greet(connection);
    });
  }

  #connectLater(): void {
    this.#ports.timeline.after(this.#ports.prng.between(10, 150), () => {
      this.#connect();
    });
  }

  #greet(connection: Connection<Buffer>): void {
    const { timeoutMs } = this.#ports;
    this.#trace(() => `greets ${String(connection.accepter)} with session ${formatSessionId(this.#sessionId)}`);
    this.#send(
      greetingFrame({ lastZxidSeen: this.#lastZxid, timeoutMs, sessionId: this.#sessionId, password: this.#password }),
    );
  }

  /** The connection is of no use any more. What was asked over it may have been done, or may yet be. */
  #lost(why: string): void {
    this.#trace(() => `has lost its connection: ${why}`);
    this.#attachment = undefined;
    if (this.#isLeaving) this.#forgetSession();
    this.#connectLater();
  }

  /** Goes to another member, and tells the old one, or just stays silent. */
  move(): void {
    const attachment = this.#attachment;
    if (attachment === undefined) return;
    this.#leaveConnection(attachment, this.#ports.prng.chance(0.5));
    this.#lost('the client moves');
  }

  #leaveConnection({ connection }: Attachment, tells: boolean): void {
    const { address, network } = this.#ports;
    if (tells) network.close(connection, address);
    else connection.endpoints.delete(address);
  }

  /** Vanishes without a word, for good. */
  die(): void {
    this.#trace(() => 'dies');
    this.#isDead = true;
    if (this.#attachment !== undefined) this.#leaveConnection(this.#attachment, this.#ports.prng.chance(0.5));
    this.#attachment = undefined;
  }

  #forgetSession(): void {
    this.#sessionId = NO_SESSION;
    this.#password = NO_PASSWORD;
    this.#isLeaving = false;
    this.#xid = 0;
    this.watches.clear();
  }

  /* Sending. */

  #pingLater(): void {
    const { timeline, timeoutMs } = this.#ports;
    timeline.after(timeoutMs / 4, () => {
      if (this.#isDead) return;
      const attachment = this.#attachment;
      if (attachment !== undefined) {
        if (timeline.nowMs - attachment.heardAtMs > timeoutMs * 0.7) {
          this.#leaveConnection(attachment, true);
          this.#lost('the member is silent');
        } else if (this.isReady) this.ask({ kind: 'ping' });
      }
      this.#pingLater();
    });
  }

  ask(request: Request): void {
    const attachment = this.#attachment;
    if (attachment === undefined) return;
    const xid = xidOf(request, () => (this.#xid += 1));
    const { answers, sessions } = this.#ports;
    if (request.kind === 'closeSession') {
      this.#isLeaving = true;
      sessions.leaving(this.#sessionId);
    }
    attachment.asked.push({
      client: this.name,
      sessionId: this.#sessionId,
      xid,
      request,
      seenByAnybody: answers.seenByAnybody,
    });
    this.#trace(() => `asks ${String(xid)} ${JSON.stringify(request)}`);
    this.#send(requestFrame(xid, request));
  }

  #send(bytes: Buffer): void {
    if (this.#attachment !== undefined)
      this.#ports.network.send(this.#attachment.connection, this.#ports.address, bytes);
  }

  /* Receiving. */

  /** Whether this is its connection, over which it has its session. */
  isAttachedOver(connection: Connection<Buffer>): boolean {
    return this.#attachment?.connection === connection && this.#attachment.isGreeted;
  }

  #received(attachment: Attachment, bytes: Buffer): void {
    attachment.heardAtMs = this.#ports.timeline.nowMs;
    attachment.splitter.push(bytes, (buffer, start, end) => {
      if (this.#attachment !== attachment) return;
      const reader = this.#reader.reset(Buffer.from(buffer.subarray(start, end)), 0, end - start);
      if (attachment.isGreeted) this.#take(attachment, reader);
      else this.#greeted(attachment, reader);
    });
  }

  #greeted(attachment: Attachment, reader: RecordReader): void {
    const { sessionId, password, readOnly, timeoutMs } = readConnectResponse(reader);
    if (readOnly === true) throw new BrokenPromiseError('ReadOnly', `${this.name} did not ask for a read-only member`);
    if (timeoutMs === 0) {
      this.#trace(() => 'hears that its session is over');
      this.#ports.sessions.refused(this.name, this.#sessionId);
      this.#leaveConnection(attachment, true);
      this.#forgetSession();
      this.#lost('the session is over');
      return;
    }
    const id = sessionIdOf(sessionId);
    this.#trace(() => `has session ${formatSessionId(id)}`);
    if (this.#sessionId !== NO_SESSION && id !== this.#sessionId) {
      throw new BrokenPromiseError('Session', `${this.name} gets another session than it asked for`);
    }
    this.#sessionId = id;
    this.#password = Buffer.from(password);
    attachment.isGreeted = true;
    this.watches.resetting(false);
    if (this.watches.count > 0) this.#resetWatches();
    this.#ports.ready();
  }

  #resetWatches(): void {
    this.watches.resetting(true);
    this.ask({
      kind: 'setWatches',
      relativeZxid: this.#lastZxid,
      dataWatches: this.watches.paths('data'),
      existWatches: this.watches.paths('exist'),
      childWatches: this.watches.paths('child'),
    });
  }

  #take(attachment: Attachment, reader: RecordReader): void {
    const xid = reader.readInt();
    const zxid = reader.readLong() as Zxid;
    const code = reader.readInt();
    if (xid === EVENT_XID) {
      const type = reader.readInt();
      reader.readInt();
      const path = reader.readString() ?? '';
      this.#trace(() => `hears of event ${String(type)} on ${path}`);
      this.watches.event(type, path);
      return;
    }
    const asked = attachment.asked.shift();
    if (asked === undefined) throw new BrokenPromiseError('Order', `${this.name} is answered ${String(xid)} unasked`);
    const body = code === ErrorCode.ok && xid === asked.xid ? readBody(asked.request.kind, reader) : undefined;
    const answer = { xid, zxid, code, body };
    this.#trace(() => `is answered ${String(xid)} at ${zxid.toString(16)}: ${String(code)}`);
    this.#judge(asked, answer);
    if (asked.request.kind === 'closeSession') {
      this.#leaveConnection(attachment, true);
      this.#lost('its session is closed');
      return;
    }
    this.#ports.answered(asked, answer, attachment.asked.length === 0);
  }

  #judge(asked: Asked, answer: Answer): void {
    const { request } = asked;
    this.#ports.answers.answered(asked, answer, this.#lastZxid);
    this.#lastZxid = answer.zxid;
    if (request.kind === 'setWatches') this.watches.reset(answer.zxid);
    else this.watches.shows(answer.zxid);
    if (!('watch' in request) || !request.watch) return;
    const { path } = request;
    if (answer.code === ErrorCode.ok)
      this.watches.set(request.kind === 'getChildren2' ? 'child' : 'data', path, answer.zxid);
    else if (request.kind === 'exists') this.watches.set('exist', path, answer.zxid);
  }

  #trace(line: () => string): void {
    this.#ports.trace.add(() => `${this.name} ${line()}`);
  }
}
