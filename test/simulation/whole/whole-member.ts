import type { LogFields, ServerId, Zxid } from '@corral/primitives';
import { EnsembleMember, type EnsembleOptions } from '@corral/member';
import { InjectedFaultError } from '@corral/storage-memory';
import type { QuorumMessage } from '@corral/zab';
import { BrokenPromiseError } from '../checkers/broken-promise.js';
import type { Applied } from '../world/disk.js';
import type { Member, Witness } from '../world/member.js';
import type { Connection, Network } from '../world/network.js';
import type { Prng } from '../../prng.js';
import type { Timeline } from '../world/timeline.js';
import type { Trace } from '../world/trace.js';
import { describeTransaction } from './describe-transaction.js';
import { GuessablePasswords } from './guessable-passwords.js';
import { Process } from './process.js';
import { ProcessStorage } from './process-storage.js';
import { SimulatedClientChannel } from './simulated-client-channel.js';
import { type PeerPayload, SimulatedPeerNetwork } from './simulated-peer-network.js';
import type { Tamper } from './tamper.js';
import { WholeDisk } from './whole-disk.js';

const DISK_DELAY_MS = 0.4;
const RESTART_MS = 100;
const SLOW_TICK_MS = 50;
const CLOCK_SKEW_MS_MAX = 3_600_000;
/** About what the wall clock shows when a run begins. */
const EPOCH_MS = 1_700_000_000_000;

/** What a whole member tells beside what all members tell. */
export interface WholeWitness extends Witness {
  /** A message of another member has arrived, and is about to be taken in. */
  received(member: WholeMember, from: ServerId, message: QuorumMessage): void;
  /** The member says something to another one. */
  sent(member: WholeMember, message: QuorumMessage): void;
  /** The member has taken in what a client has sent. */
  heard(member: WholeMember, connection: Connection<Buffer>): void;
  /** What the member is doing has changed. */
  roleChanged(member: WholeMember): void;
  /** Something went wrong that nobody has planted. */
  broken(error: Error): void;
}

/** What a whole member is made of. */
export interface WholeMemberPorts {
  readonly serverId: ServerId;
  readonly isParticipant: boolean;
  readonly peers: readonly ServerId[];
  readonly options: EnsembleOptions;
  readonly tickMs: number;
  readonly timeline: Timeline;
  readonly prng: Prng;
  readonly trace: Trace;
  readonly peerNetwork: Network<PeerPayload>;
  readonly clientNetwork: Network<Buffer>;
  readonly witness: WholeWitness;
  readonly memberOf: (serverId: ServerId) => WholeMember;
  readonly sequenceThrough: (zxid: Zxid) => Applied[];
  /** Above so many unsent bytes connections are full. */
  readonly unsentBytesPause: number;
  /** So many transactions may be applied while the tree is flushed. */
  readonly behindMax: number;
  readonly tamper: Tamper | undefined;
}

/** One run of the member's process. */
interface Run {
  readonly process: Process;
  readonly member: EnsembleMember;
  readonly network: SimulatedPeerNetwork;
  readonly clients: Set<Connection<Buffer>>;
  readonly toFlush: Set<SimulatedClientChannel>;
}

/** What the log lines of a member tell of its state. */
const STATE_LINE = /^(looking|following|observing|leading), (\w+)$/;

/** A whole member of the ensemble, `EnsembleMember` as it ships, on simulated sockets, disk and clock. */
export class WholeMember implements Member {
  readonly serverId: ServerId;
  readonly isParticipant: boolean;
  readonly disk: WholeDisk;
  readonly #ports: WholeMemberPorts;
  #run: Run | undefined;
  #doing: 'looking' | NonNullable<Member['serves']> = 'looking';
  #phase = 'election';
  #epoch: number | null = null;
  #diskDelayMs = DISK_DELAY_MS;
  #nextClientPort = 1;

  constructor(ports: WholeMemberPorts) {
    this.#ports = ports;
    this.serverId = ports.serverId;
    this.isParticipant = ports.isParticipant;
    this.disk = new WholeDisk(ports.behindMax, ports.sequenceThrough);
  }

  get isUp(): boolean {
    return this.#run !== undefined;
  }

  get serves(): Member['serves'] {
    if (this.#phase !== 'broadcast' || this.#doing === 'looking') return undefined;
    return this.#run?.member.isServing === true ? this.#doing : undefined;
  }

  get epoch(): number | null {
    return this.#epoch;
  }

  describe(): string {
    const doing = this.#run === undefined ? 'down' : `${this.#doing}/${this.#phase}`;
    const { store } = this.disk;
    return `${String(this.serverId)}: ${doing} epoch ${String(this.epoch)} last ${this.disk.lastZxid.toString(16)} applied ${store.state.appliedZxid.toString(16)}`;
  }

  /* Its life. */

  start(): void {
    if (this.#run !== undefined) return;
    const { options, tickMs, timeline, prng, tamper, trace, witness } = this.#ports;
    const process = new Process(timeline, prng);
    // Clocks of members differ, and may be set while a member is down.
    const startMs = EPOCH_MS + prng.between(-CLOCK_SKEW_MS_MAX, CLOCK_SKEW_MS_MAX);
    trace.add(() => `${String(this.serverId)} starts: ${this.describe()}`);
    witness.started(this);
    const storage = new ProcessStorage({
      disk: this.disk,
      process,
      diskDelayMs: () => this.#diskDelayMs,
      appended: (zxid, bytes) => {
        this.#appended(zxid, bytes);
      },
      applied: (zxid) => {
        this.#applied(zxid);
      },
      flushed: (durationMs) => {
        member.treeFlushed(durationMs, 1);
      },
      installed: () => {
        witness.installed(this);
      },
    });
    const network = this.#newPeerNetwork(process, () => member);
    const toFlush = new Set<SimulatedClientChannel>();
    const member = new EnsembleMember(options, {
      storage: tamper?.storage?.(storage) ?? storage,
      network,
      clock: { monotonicMs: () => timeline.nowMs, wallClockMs: () => startMs + Math.floor(timeline.nowMs) },
      passwords: new GuessablePasswords(),
      logger: (level, message, fields) => {
        this.#log(level, message, fields);
      },
      defer: process.defer,
      traffic: { bytesReceived: 0, bytesSent: 0, connectionsRejected: 0, connectionsDropped: 0 },
      flushConnections: () => {
        for (const channel of toFlush) channel.flush();
        toFlush.clear();
      },
    });
    this.#run = { process, member, network, clients: new Set(), toFlush };
    // A tree that was never written is written before anything else, so that it can be sent.
    if (this.disk.store.flushedZxid === 0) {
      this.disk.store.flush();
      this.disk.store.completeFlush();
    }
    member.start();
    network.start(this.#ports.peers);
    process.every(tickMs, () => {
      member.tick();
    });
    process.every(SLOW_TICK_MS, () => {
      member.slowTick();
    });
  }

  #newPeerNetwork(process: Process, member: () => EnsembleMember): SimulatedPeerNetwork {
    const { memberOf, peerNetwork, serverId, tamper, timeline, trace, unsentBytesPause, witness } = this.#ports;
    return new SimulatedPeerNetwork({
      serverId,
      process,
      network: peerNetwork,
      timeline,
      trace,
      memberOf,
      unsentBytesPause,
      inputs: {
        connected: (peer) => {
          member().peers.connected(peer);
        },
        disconnected: (peer) => {
          member().peers.disconnected(peer);
        },
        notification: (from, notification) => {
          member().peers.notification(from, notification);
        },
        accept: (open) => {
          member().peers.accept(open);
        },
      },
      tamper: (link, handler) => tamper?.link?.(link, handler) ?? link,
      received: (from, message) => {
        witness.received(this, from, message);
      },
      sent: (message) => {
        witness.sent(this, message);
      },
    });
  }

  crash(): void {
    const run = this.#run;
    if (run === undefined) return;
    const { clientNetwork, prng, trace } = this.#ports;
    trace.add(() => `${String(this.serverId)} crashes`);
    this.#run = undefined;
    this.#doing = 'looking';
    this.#phase = 'election';
    this.#epoch = null;
    run.process.die();
    run.network.resetAll();
    for (const connection of run.clients) clientNetwork.reset(connection, this.serverId);
    this.disk.crash(prng);
  }

  pause(): void {
    this.#run?.process.pause();
  }

  resume(): void {
    this.#run?.process.resume();
  }

  setDiskDelay(delayMs: number): void {
    this.#diskDelayMs = delayMs;
  }

  failNextSync(): void {
    this.disk.log.failNextSync();
  }

  /* What it says. */

  #log(level: string, message: string, fields: LogFields | undefined): void {
    this.#ports.trace.add(() => `${String(this.serverId)} says ${level}: ${message} ${fieldsText(fields)}`);
    const state = STATE_LINE.exec(message);
    if (state !== null)
      this.#enter(state[1] as WholeMember['serves'] & string, state[2]!, Number(fields?.['epoch'] ?? 0));
    else if (level === 'error') this.#failed();
  }

  #enter(doing: NonNullable<Member['serves']> | 'looking', phase: string, epoch: number): void {
    const { witness } = this.#ports;
    witness.roleChanged(this);
    this.#doing = doing;
    this.#phase = phase;
    this.#epoch = epoch === 0 ? null : epoch;
    if (doing === 'leading' && phase === 'synchronization') witness.epochAgreed(this, epoch);
    if (doing === 'leading' && phase === 'broadcast') witness.established(this, epoch);
  }

  /** Whoever watches over the process starts it again, with another disk controller under the same disk. */
  #failed(): void {
    const run = this.#run;
    const failure = run?.member.failure;
    if (run === undefined || failure === undefined) return;
    if (!(failure instanceof InjectedFaultError)) {
      this.#ports.witness.broken(
        new BrokenPromiseError('Failure', `${String(this.serverId)} fails: ${failure.message}`),
      );
    }
    this.#ports.timeline.after(RESTART_MS, () => {
      if (this.#run !== run) return;
      this.crash();
      this.start();
    });
  }

  /* What happens to its disk. */

  #appended(zxid: Zxid, bytes: Uint8Array): void {
    if (this.#doing !== 'leading' || this.#phase !== 'broadcast') return;
    this.#ports.witness.proposed(this, { zxid, text: describeTransaction(bytes) }, this.#epoch ?? 0);
  }

  #applied(zxid: Zxid): void {
    const entry = this.disk.entry(zxid);
    if (entry === undefined) return;
    const transaction = { zxid, text: describeTransaction(entry.bytes) };
    this.disk.applied.push(transaction);
    this.#ports.witness.applied(this, transaction);
  }

  /* The ports. */

  /** Takes a connection from another member. */
  accept(connection: Connection<PeerPayload>, port: 'election' | 'quorum'): void {
    this.#run?.network.accept(connection, port);
  }

  /** Takes a connection from a client. */
  acceptClient(connection: Connection<Buffer>): void {
    const run = this.#run;
    if (run === undefined) return;
    const { clientNetwork, tamper, unsentBytesPause } = this.#ports;
    const { process } = run;
    const channel = new SimulatedClientChannel({
      port: this.#nextClientPort++,
      send: (bytes) => {
        clientNetwork.send(connection, this.serverId, tamper?.toClient?.(bytes) ?? bytes);
      },
      close: () => {
        run.clients.delete(connection);
        clientNetwork.close(connection, this.serverId);
      },
      needsFlush: () => run.toFlush.add(channel),
      takenIn: () => {
        this.#ports.witness.heard(this, connection);
      },
      defer: process.defer,
      drain: (go) => {
        process.later(clientNetwork.delayMs(), go);
      },
      unsentBytesPause,
    });
    run.clients.add(connection);
    connection.endpoints.set(this.serverId, {
      onMessage: (_connection, bytes) => {
        process.now(() => {
          channel.bytesArrived(bytes);
        });
      },
      onClosed: () => {
        run.clients.delete(connection);
        process.now(() => {
          channel.ended();
        });
      },
    });
    process.now(() => {
      const handler = run.member.open(channel);
      channel.start(tamper?.handler?.(handler) ?? handler);
      for (const each of run.toFlush) each.flush();
      run.toFlush.clear();
    });
  }
}

function fieldsText(fields: LogFields | undefined): string {
  return Object.entries(fields ?? {})
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}
