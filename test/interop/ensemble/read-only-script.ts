/** What clients of an ensemble see when all members but one stop and come back: the same script for Apache ZooKeeper and for Corral. */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eventually } from '../../chaos/support/eventually.js';
import { CLOSED, RawConnection } from '../differential/raw/connection.js';
import { errorName, Flag, Op, opName, Xid } from '../differential/raw/op-codes.js';
import { decodeFrame, decodeHandshake, type Fields } from '../differential/raw/replies.js';
import * as requests from '../differential/raw/requests.js';
import { PYTHON } from '../foreign/support/tools.js';
import { fourLetterWord, type TestEnsemble } from '../harness/index.js';
import { repositoryRoot } from '../harness/repository.js';

/** What is recorded of each step, by its name. */
export type Transcript = Record<string, unknown>;

/** The member that stays; the others have higher numbers, so that one of them leads. */
const LAST = 1;
const OTHERS = [2, 3];

const CORRAL = join(repositoryRoot(), 'apps/cli/dist/main.js');
const KAZOO_PROGRAM = join(repositoryRoot(), 'test/interop/ensemble/read_only.py');

/** Numbers that differ between any two runs. */
const RUN_SPECIFIC = new Set(['czxid', 'mzxid', 'pzxid', 'ctime', 'mtime', 'ephemeralOwner']);

interface Greeted {
  readonly connection: RawConnection;
  readonly sessionId: bigint;
  readonly password: Buffer;
}

/** Plays the script on an ensemble of three that serves. */
export async function playReadOnly(ensemble: TestEnsemble): Promise<Transcript> {
  const script = new ReadOnlyScript(ensemble);
  await script.play();
  return script.transcript;
}

class ReadOnlyScript {
  readonly transcript: Transcript = {};
  readonly #ensemble: TestEnsemble;
  readonly #port: number;

  constructor(ensemble: TestEnsemble) {
    this.#ensemble = ensemble;
    this.#port = ensemble.clientPort(LAST);
  }

  async play(): Promise<void> {
    const owner = await this.#prepare();
    await Promise.all(OTHERS.map((id) => this.#ensemble.stopMember(id, 'SIGKILL')));
    await this.#untilClosed('the connection of a session of the ensemble', owner.connection);
    await eventually('it is read-only', async () => (await fourLetterWord(this.#port, 'isro')) === 'ro');
    const kazoo = new Kazoo(this.#ensemble.clientPorts);
    const idle = await this.#greet('a session that is not heard of', { readOnly: true, timeoutMs: 1 });
    await this.#words();
    await this.#handshakes(owner);
    const reader = await this.#greet('a client that accepts read-only', { readOnly: true });
    await this.#reads(reader);
    await this.#writes(reader);
    await this.#sessions(reader);
    await this.#corral('get', '--read-only', '/ro');
    await this.#corral('set', '--read-only', '/ro', 'by corral');
    await this.#untilClosed('the connection of a session that was not heard of', idle.connection);
    await eventually('kazoo has tried to write', () => kazoo.lines.length >= 3, 30_000);
    await this.#comeBack(owner);
    await kazoo.ended;
    this.transcript['kazoo'] = kazoo.lines;
  }

  /** What the command says. */
  async #corral(...args: string[]): Promise<void> {
    const { NODE_OPTIONS: _ofTests, ...env } = process.env;
    const said = promisify(execFile)(process.execPath, [CORRAL, ...args, '--server', `127.0.0.1:${this.#port}`], {
      env,
    }).then(
      ({ stdout }) => stdout,
      ({ stderr }: { stderr: string }) => stderr.replace(String(this.#port), 'PORT'),
    );
    this.#note(`corral ${args.join(' ')}`, await said);
  }

  /** A few znodes, and a session of the ensemble that owns one of them. */
  async #prepare(): Promise<Greeted> {
    const owner = await this.#greet('with a quorum', { readOnly: true });
    const put = (path: string, flags: number = Flag.persistent): Promise<void> =>
      this.#ask(`prepare ${path}`, owner, Op.create, requests.create(path, { data: path, flags }));
    await put('/ro');
    await put('/ro/child');
    await put('/ro/mine', Flag.ephemeral);
    await this.#ask('prepare', owner, Op.sync, requests.pathOnly('/'));
    return owner;
  }

  async #words(): Promise<void> {
    const srvr = await fourLetterWord(this.#port, 'srvr');
    this.transcript['srvr'] = srvr.split('\n').filter((line) => /^(READ-ONLY|Mode|Node count)/.test(line));
    const stat = await fourLetterWord(this.#port, 'stat');
    this.transcript['stat'] = stat.split('\n').filter((line) => /^(READ-ONLY|Mode|Node count)/.test(line));
    const mntr = await fourLetterWord(this.#port, 'mntr');
    this.transcript['mntr'] = mntr.split('\n').filter((line) => line.startsWith('zk_server_state\t'));
  }

  async #handshakes(owner: Greeted): Promise<void> {
    const { password, sessionId } = owner;
    await this.#greet('a client that does not accept read-only', { readOnly: false });
    await this.#greet('a client of before 3.4', { readOnly: 'absent' });
    await this.#greet('a session of the ensemble', { readOnly: true, sessionId, password });
    await this.#greet('a session of the ensemble, wrong password', { readOnly: true, sessionId });
    await this.#greet('an unknown session', { readOnly: true, sessionId: 0x1234n });
    await this.#greet('a client that has seen more', { readOnly: true, lastZxidSeen: 0x7fff_0000_0000n });
  }

  async #reads(reader: Greeted): Promise<void> {
    const { op, pathOnly, setWatches, watching, watchTyped } = requests;
    const ask = (type: number, body: Buffer, xid?: number): Promise<void> => this.#ask('read', reader, type, body, xid);
    await ask(Op.getData, watching('/ro', true));
    await ask(Op.exists, watching('/nowhere', true));
    await ask(Op.getChildren, watching('/ro'));
    await ask(Op.getChildren2, watching('/ro', true));
    await ask(Op.getAcl, pathOnly('/ro'));
    await ask(Op.getEphemerals, pathOnly('/'));
    await ask(Op.getAllChildrenNumber, pathOnly('/ro'));
    await ask(Op.multiRead, requests.multi([op.getData('/ro/child'), op.getChildren('/ro')]));
    await ask(Op.auth, requests.auth('digest', 'user:password'), Xid.auth);
    await ask(Op.whoAmI, Buffer.alloc(0));
    await ask(Op.ping, Buffer.alloc(0), Xid.ping);
    await ask(Op.addWatch, watchTyped('/ro/child', 1));
    await ask(Op.checkWatches, watchTyped('/ro', 2));
    await ask(Op.removeWatches, watchTyped('/ro', 2));
    await ask(Op.setWatches, setWatches(1n, { data: ['/ro/child'], exist: ['/nowhere'] }), Xid.setWatches);
  }

  async #writes(reader: Greeted): Promise<void> {
    const { create, createTtl, op, pathOnly, reconfig, setAcl, setData, versioned } = requests;
    const ask = (type: number, body: Buffer): Promise<void> => this.#ask('write', reader, type, body);
    await ask(Op.create, create('/ro/new'));
    await ask(Op.create2, create('/ro/new', { flags: Flag.ephemeral }));
    await ask(Op.createContainer, create('/ro/new', { flags: Flag.container }));
    await ask(Op.createTtl, createTtl('/ro/new'));
    await ask(Op.delete, versioned('/nowhere'));
    await ask(Op.deleteContainer, pathOnly('/ro'));
    await ask(Op.setData, setData('/ro', 'changed', 7));
    await ask(Op.setAcl, setAcl('/ro', requests.OPEN));
    await ask(Op.check, versioned('/ro'));
    await ask(Op.multi, requests.multi([op.setData('/ro', 'changed')]));
    await ask(Op.reconfig, reconfig(null, '2', null));
    await ask(Op.sync, pathOnly('/ro'));
    await ask(Op.getData, requests.watching('/ro'));
  }

  async #sessions({ connection, sessionId, password }: Greeted): Promise<void> {
    const again = await this.#greet('its session on another connection', { readOnly: true, sessionId, password });
    await this.#untilClosed('the connection that had the session', connection);
    await this.#greet('its session without the flag', { sessionId, password });
    await this.#ask('after that', again, Op.exists, requests.watching('/ro'));
    await this.#ask('after that', again, Op.closeSession, Buffer.alloc(0));
    await this.#untilClosed('the connection of a session that was closed', again.connection);
    await this.#greet('its session, closed', { readOnly: true, sessionId, password });
  }

  /** One of the others comes back, and with it the quorum. */
  async #comeBack(owner: Greeted): Promise<void> {
    const reader = await this.#greet('another reader', { readOnly: true });
    const alive = this.#keepAlive(reader);
    await this.#ensemble.startMember(2);
    await this.#untilClosed('the connection of a reader, once there is a quorum', reader.connection);
    await alive;
    await eventually('it serves writes', async () => (await fourLetterWord(this.#port, 'isro')) === 'rw', 20_000);
    const { password, sessionId } = reader;
    await this.#greet('the session of the reader, with a quorum', { readOnly: true, sessionId, password });
    const writer = await this.#greet('a client that accepts read-only, with a quorum', { readOnly: true });
    await this.#ask('with a quorum', writer, Op.setData, requests.setData('/ro', 'changed'));
    await this.#ask('with a quorum', writer, Op.exists, requests.watching('/ro/mine'));
    await this.#greet('the session of the ensemble, with a quorum', {
      readOnly: true,
      sessionId: owner.sessionId,
      password: owner.password,
    });
  }

  async #keepAlive({ connection }: Greeted): Promise<void> {
    while (!connection.isClosed) {
      connection.writeFrame(requests.request(Xid.ping, Op.ping));
      await delay(100);
    }
  }

  async #greet(step: string, fields: requests.HandshakeFields): Promise<Greeted> {
    const connection = await RawConnection.open(this.#port);
    connection.writeFrame(requests.handshake(fields));
    const frame = await connection.nextFrame();
    if (frame === CLOSED) {
      this.#note(`${step}: handshake`, 'closed');
      return { connection, sessionId: 0n, password: Buffer.alloc(0) };
    }
    const { password, sessionId, timeoutMs, ...rest } = decodeHandshake(frame);
    const isRefused = sessionId === 0n;
    this.#note(`${step}: handshake`, { ...rest, timeoutMs, session: isRefused ? 'none' : 'granted' });
    if (isRefused) await this.#untilClosed(`${step}: connection`, connection);
    return { connection, sessionId, password: password ?? Buffer.alloc(0) };
  }

  #lastXid = 0;

  /** Sends a request; notes its answer, and the events before it. */
  async #ask(step: string, { connection }: Greeted, type: number, body: Buffer, xid = ++this.#lastXid): Promise<void> {
    connection.writeFrame(requests.request(xid, type, body));
    const heard: unknown[] = [];
    for (;;) {
      const frame = await connection.nextFrame();
      if (frame === CLOSED) {
        heard.push('closed');
        break;
      }
      const decoded = decodeFrame(frame, () => type);
      if (decoded.kind === 'reply') {
        heard.push({ xid: decoded.xid === xid, error: errorName(decoded.error), ...comparable(decoded.body) });
        break;
      }
      heard.push({ event: decoded.type, state: decoded.state, path: decoded.path });
    }
    this.#note(`${step}: ${opName(type)}`, heard);
  }

  async #untilClosed(step: string, connection: RawConnection): Promise<void> {
    const heard: string[] = [];
    for (;;) {
      const frame = await connection.nextFrame();
      if (frame === CLOSED) break;
      heard.push(`0x${frame.toString('hex')}`);
    }
    // What is left are answers to pings.
    this.#note(step, heard.some((bytes) => !bytes.startsWith('0xfffffffe')) ? heard : 'closed');
  }

  #note(step: string, what: unknown): void {
    let name = step;
    for (let count = 2; name in this.transcript; count += 1) name = `${step} (${count})`;
    this.transcript[name] = what;
  }
}

/** kazoo's part of the story, which ends when it can write; else kazoo's own patience ends it. */
class Kazoo {
  #said = '';
  readonly ended: Promise<void>;

  constructor(ports: readonly number[]) {
    const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
    const child = spawn(PYTHON, [KAZOO_PROGRAM, hosts, '/ro/child'], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
  }

  /** What it has said so far. */
  get lines(): string[] {
    return this.#said.split('\n').slice(0, -1);
  }
}

/** The fields of a body that do not differ between any two runs. */
function comparable(body: Fields): Fields {
  return JSON.parse(
    JSON.stringify(body, (key, value: unknown) =>
      RUN_SPECIFIC.has(key) ? undefined : typeof value === 'bigint' ? String(value) : value,
    ),
  ) as Fields;
}
