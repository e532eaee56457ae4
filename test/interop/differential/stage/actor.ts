/** One client of a scenario: sends requests by hand and writes down everything its server answers. */
import type { StringField } from '../raw/bytes.js';
import { CLOSED, RawConnection } from '../raw/connection.js';
import { errorName, Op, opName, Xid } from '../raw/op-codes.js';
import { decodeFrame, decodeHandshake, type Fields, type Reply, type WatchEvent } from '../raw/replies.js';
import * as requests from '../raw/requests.js';
import type { Naming } from './naming.js';

/** What one request brought: the reply and the events before it, or the end of the connection. */
export interface Outcome {
  readonly before: readonly WatchEvent[];
  readonly reply: Reply | typeof CLOSED;
}

/** A request as it is sent: its type, its body, and an xid where the usual one would not do. */
export interface RawRequest {
  readonly type: number;
  readonly body: Buffer;
  readonly xid?: number;
}

/** A connection with its session. All waiting is for a reply; nothing sleeps. */
export class Actor {
  readonly name: string;
  readonly connection: RawConnection;
  readonly #types = new Map<number, number>();
  #xid = 0;
  sessionId = 0n;
  password: Buffer = Buffer.alloc(16);

  private constructor(name: string, connection: RawConnection) {
    this.name = name;
    this.connection = connection;
  }

  /** Connects without a handshake. */
  static async dial(name: string, port: number): Promise<Actor> {
    return new Actor(name, await RawConnection.open(port));
  }

  /** Sends a handshake and reads the answer, or learns that the server closed the connection. */
  async shakeHands(fields: requests.HandshakeFields): Promise<Fields | typeof CLOSED> {
    this.connection.writeFrame(requests.handshake(fields));
    const answer = await this.connection.nextFrame();
    if (answer === CLOSED) return CLOSED;
    const reply = decodeHandshake(answer);
    this.sessionId = reply.sessionId;
    if (reply.password !== null) this.password = reply.password;
    return reply;
  }

  /** Sends one request and waits for its reply; events that come first are kept apart. */
  async exchange(request: RawRequest): Promise<Outcome> {
    const xid = this.send(request);
    const before: WatchEvent[] = [];
    for (;;) {
      const next = await this.next();
      if (next === CLOSED) return { before, reply: CLOSED };
      if (next.kind === 'event') before.push(next);
      else if (next.xid === xid) return { before, reply: next };
      else throw new Error(`${this.name} awaits the reply ${xid} and got ${next.xid} (${errorName(next.error)})`);
    }
  }

  /** Sends one request without waiting, and returns its xid. */
  send(request: RawRequest): number {
    const xid = request.xid ?? (this.#xid += 1);
    this.#types.set(xid, request.type);
    this.connection.writeFrame(requests.request(xid, request.type, request.body));
    return xid;
  }

  /** The next reply or event. */
  async next(): Promise<Reply | WatchEvent | typeof CLOSED> {
    const frame = await this.connection.nextFrame();
    return frame === CLOSED ? CLOSED : decodeFrame(frame, (xid) => this.#types.get(xid) ?? Op.notification);
  }

  /** Events that were sent before the answer to a ping; `CLOSED` when the connection ended. */
  async drain(): Promise<WatchEvent[] | typeof CLOSED> {
    if (this.connection.isClosed) return CLOSED;
    const outcome = await this.exchange({ type: Op.ping, xid: Xid.ping, body: Buffer.alloc(0) });
    return outcome.reply === CLOSED ? CLOSED : [...outcome.before];
  }
}

/** A reply as the transcript shows it. */
export function describeReply(reply: Reply | typeof CLOSED, naming: Naming): unknown {
  if (reply === CLOSED) return 'connection closed';
  const body = naming.value(reply.body) as Fields;
  return { error: errorName(reply.error), zxid: naming.headerZxid(reply.zxid), ...body };
}

/** An event as the transcript shows it. */
export function describeEvent(event: WatchEvent): string {
  const zxid = event.zxid === -1n ? '' : ` zxid ${event.zxid}`;
  return `${event.type} state ${event.state} ${JSON.stringify(event.path)}${zxid}`;
}

/** A string field in a label; a long one by its beginning and its length. */
export function show(field: StringField): string {
  if (field === null) return 'null';
  if (field.length > 100) return `${show(field.slice(0, 20))}… (${field.length})`;
  return typeof field === 'string' ? JSON.stringify(field) : `bytes 0x${field.toString('hex')}`;
}

/** A label for a request nobody named. */
export function labelOf(type: number, path: StringField | undefined, detail = ''): string {
  return [opName(type), ...(path === undefined ? [] : [show(path)]), ...(detail === '' ? [] : [detail])].join(' ');
}
