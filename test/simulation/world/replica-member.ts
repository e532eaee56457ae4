import type { ServerId, Zxid } from '@corral/primitives';
import {
  type Effect,
  type Epochs,
  type LinkId,
  type QuorumMessage,
  type ReplicaState,
  type SyncPlan,
} from '@corral/zab';
import { type Applied, bytesOf, Disk, textOf, type TreeImage } from './disk.js';
import { describe, describeMessage } from './describe.js';
import { ElectionPort } from './election-port.js';
import { carryOutPlan } from './carry-out-plan.js';
import type { Append, AppendingMember, Member } from './member.js';
import type { Machine, Payload, ReplicaMemberPorts } from './replica-member-ports.js';
import type { Connection, Endpoint } from './network.js';

const DISK_DELAY_MS = 0.4;
const CONNECT_TIMEOUT_MS = 300;
const RESTART_MS = 100;

/** One run of a member's process: everything that a crash ends. */
interface Process {
  readonly machine: Machine;
  /** Effects that wait for the disk. */
  readonly waiting: Effect[];
  readonly links: Map<LinkId, Connection<Payload>>;
  readonly linkOf: Map<Connection<Payload>, LinkId>;
  readonly elections: ElectionPort<Payload>;
  /** Links on which a tree is being taken in, and what came behind it. */
  readonly held: Map<LinkId, QuorumMessage[]>;
  readonly requests: Map<string, Append>;
  state: ReplicaState | undefined;
  isWritingEpochs: number;
}

/** A shell around a replica, with sockets, disk and clock of the simulated world. */
export class ReplicaMember implements AppendingMember {
  readonly serverId: ServerId;
  readonly isParticipant: boolean;
  readonly disk = new Disk();
  readonly #ports: ReplicaMemberPorts;
  #process: Process | undefined;
  #isPaused = false;
  readonly #missed: (() => void)[] = [];
  #diskDelayMs = DISK_DELAY_MS;
  #nextLink = 1;

  constructor(ports: ReplicaMemberPorts) {
    this.#ports = ports;
    this.serverId = ports.serverId;
    this.isParticipant = ports.isParticipant;
  }

  get isUp(): boolean {
    return this.#process !== undefined;
  }

  get serves(): Member['serves'] {
    const state = this.#process?.state;
    if (state?.phase !== 'broadcast' || state.doing === 'looking') return undefined;
    return state.doing;
  }

  get epoch(): number | null {
    return this.#process?.state?.epoch ?? null;
  }

  describe(): string {
    const state = this.#process?.state;
    const doing = state === undefined ? 'down' : `${state.doing}/${state.phase}`;
    return `${String(this.serverId)}: ${doing} epoch ${String(this.epoch)} last ${this.disk.lastZxid.toString(16)} applied ${this.disk.appliedZxid.toString(16)} count ${String(this.disk.applied.length)}`;
  }

  start(): void {
    if (this.#process !== undefined) return;
    this.#isPaused = false;
    this.#missed.length = 0;
    const process: Process = {
      machine: this.#ports.newMachine(this.disk, this.disk.epochs),
      waiting: [],
      links: new Map(),
      linkOf: new Map(),
      elections: new ElectionPort(this.#ports, {
        now: (run) => {
          this.#now(process, run);
        },
        connected: (peer) => {
          this.#input(process, (machine) => {
            machine.peerConnected(peer);
          });
        },
        disconnected: (peer) => {
          this.#input(process, (machine) => {
            machine.peerDisconnected(peer);
          });
        },
        received: (peer, notification) => {
          this.#input(process, (machine) => {
            machine.receiveNotification(peer, notification);
          });
        },
      }),
      held: new Map(),
      requests: new Map(),
      state: undefined,
      isWritingEpochs: 0,
    };
    this.#process = process;
    this.#ports.trace.add(
      () =>
        `${String(this.serverId)} starts: last ${this.disk.lastZxid.toString(16)}, accepted ${this.disk.epochs.acceptedEpoch}, current ${this.disk.epochs.currentEpoch}`,
    );
    this.#ports.witness.started(this);
    this.#input(process, (machine) => {
      machine.start();
    });
    for (const peer of this.#ports.peers) process.elections.connect(peer);
    this.#tickLater(process);
    this.#keepTree(process);
  }

  crash(): void {
    const process = this.#process;
    if (process === undefined) return;
    this.#ports.trace.add(() => `${String(this.serverId)} crashes`);
    this.#process = undefined;
    this.#isPaused = false;
    this.#missed.length = 0;
    for (const connection of [...process.links.values(), ...process.elections.connections]) {
      this.#ports.network.reset(connection, this.serverId);
    }
    this.disk.crash(this.#ports.prng);
    for (const request of process.requests.values()) request.failed();
  }

  pause(): void {
    if (this.#process !== undefined) this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    for (const run of this.#missed.splice(0)) run();
  }

  setDiskDelay(delayMs: number): void {
    this.#diskDelayMs = delayMs;
  }

  failNextSync(): void {
    this.disk.log.failNextSync();
  }

  append(request: Append): void {
    const process = this.#process;
    const zxid = process === undefined || this.#isPaused ? undefined : process.machine.nextZxid;
    if (process === undefined || zxid === undefined) {
      request.failed();
      return;
    }
    process.requests.set(request.id, request);
    this.#ports.witness.proposed(this, { zxid, text: request.id }, this.epoch ?? 0);
    this.#input(process, (machine) => {
      machine.propose(bytesOf(request.id));
    });
  }

  /** Takes a connection from another member. */
  accept(connection: Connection<Payload>, port: 'election' | 'quorum'): void {
    const process = this.#process;
    if (process === undefined) return;
    if (port === 'election') {
      process.elections.connected(connection);
      return;
    }
    const link = this.#addLink(process, connection);
    this.#now(process, () => {
      this.#input(process, (machine) => {
        machine.learnerConnected(link);
      });
    });
  }

  /* Time. */

  #tickLater(process: Process): void {
    const { timeline, prng, tickMs } = this.#ports;
    timeline.after(tickMs * (0.95 + 0.1 * prng.next()), () => {
      if (this.#process !== process) return;
      // After a pause there is one tick, not many, and what has arrived comes first.
      this.#now(process, () => {
        this.#input(process, (machine) => {
          machine.tick();
        });
        this.#tickLater(process);
      });
    });
  }

  /** Now and then the tree is flushed, and the log loses what is in it. */
  #keepTree(process: Process): void {
    const { timeline, prng } = this.#ports;
    timeline.after(prng.between(50, 1500), () => {
      if (this.#process !== process) return;
      if (!this.#isPaused) {
        this.disk.flush();
        if (prng.chance(0.3)) this.disk.purge();
      }
      this.#keepTree(process);
    });
  }

  /** Runs this in the process: now, or when it goes on, or never. */
  #now(process: Process, run: () => void): void {
    if (this.#process !== process) return;
    if (!this.#isPaused) {
      run();
      return;
    }
    this.#missed.push(() => {
      if (this.#process === process) run();
    });
  }

  #input(process: Process, give: (machine: Machine) => void): void {
    give(process.machine);
    process.waiting.push(...process.machine.takeEffects());
    this.#carryOut(process);
  }

  /* Effects. */

  #carryOut(process: Process): void {
    while (this.#process === process && process.waiting.length > 0) {
      const effect = process.waiting[0]!;
      if (effect.kind === 'truncate' && this.disk.log.isSyncing) return;
      process.waiting.shift();
      this.#perform(process, effect);
    }
    this.#sync(process);
  }

  #perform(process: Process, effect: Effect): void {
    const { trace, network } = this.#ports;
    const me = String(this.serverId);
    if (effect.kind !== 'send' && effect.kind !== 'notify' && effect.kind !== 'append')
      trace.add(() => `${me} ${describe(effect)}`);
    switch (effect.kind) {
      case 'append':
        this.disk.log.append(effect.zxid, effect.transaction);
        return;
      case 'truncate':
        this.disk.log.truncate(effect.to);
        this.#later(process, 0.1, () => {
          this.#input(process, (machine) => {
            machine.logTruncated();
          });
        });
        return;
      case 'store-epochs':
        this.#storeEpochs(process, effect);
        return;
      case 'commit':
        this.#apply(process, effect.through);
        return;
      case 'send':
        trace.add(
          () =>
            `${me} sends ${describeMessage(effect.message)} to ${effect.links.map((link) => process.links.get(link)?.peerOf(this.serverId) ?? '?').join(',')}`,
        );
        for (const link of effect.links) this.#send(process, link, { port: 'quorum', message: effect.message });
        return;
      case 'notify':
        process.elections.notify(effect.to, effect.notification);
        return;
      case 'synchronize':
        this.#synchronize(process, effect.link, effect.plan);
        return;
      case 'connect':
        this.#connectLeader(process, effect.leader);
        return;
      case 'close': {
        const connection = process.links.get(effect.link);
        if (connection === undefined) return;
        this.#dropLink(process, connection);
        network.close(connection, this.serverId);
        return;
      }
      case 'receive-snapshot':
        process.held.set(effect.link, []);
        return;
      case 'deliver':
        return;
      case 'state':
        this.#enter(process, effect.state);
        return;
      case 'halt':
        throw new Error(`member ${me} halts: ${effect.reason}`);
    }
  }

  #enter(process: Process, state: ReplicaState): void {
    const { witness } = this.#ports;
    process.state = state;
    if (state.doing === 'leading' && state.phase === 'synchronization') witness.epochAgreed(this, state.epoch!);
    if (state.doing === 'leading' && state.phase === 'broadcast') witness.established(this, state.epoch!);
    if (state.phase !== 'election') return;
    for (const request of process.requests.values()) request.failed();
    process.requests.clear();
  }

  /* The disk. */

  #sync(process: Process): void {
    const { log } = this.disk;
    if (this.#process !== process || log.isSyncing || log.durableZxid === log.lastZxid) return;
    const through = log.lastZxid;
    log.sync((error) => {
      if (error !== undefined) {
        this.#ports.trace.add(() => `${String(this.serverId)} has a failing disk`);
        this.crash();
        // Whoever watches over the process starts it again, with another disk controller under the same disk.
        this.#ports.timeline.after(RESTART_MS, () => {
          this.start();
        });
        return;
      }
      this.#input(process, (machine) => {
        machine.logSynced(through);
      });
    });
    this.#later(process, this.#diskDelayMs, () => {
      if (log.isSyncing) log.completeSync();
    });
  }

  #storeEpochs(process: Process, epochs: Epochs): void {
    this.disk.epochs.store(epochs);
    process.isWritingEpochs += 1;
    // Writes end in order: each takes its place behind those under way.
    this.#later(process, this.#diskDelayMs * process.isWritingEpochs, () => {
      process.isWritingEpochs -= 1;
      const stored = this.disk.epochs.completeStore();
      if (stored === undefined) return;
      this.#input(process, (machine) => {
        machine.epochsStored(stored.acceptedEpoch, stored.currentEpoch);
      });
    });
  }

  #later(process: Process, usualMs: number, run: () => void): void {
    const { timeline, prng } = this.#ports;
    timeline.after(usualMs * (0.3 + prng.next()), () => {
      this.#now(process, run);
    });
  }

  #apply(process: Process, through: Zxid): void {
    for (const entry of this.disk.log.read(this.disk.appliedZxid)) {
      if (entry.zxid > through) break;
      const transaction: Applied = { zxid: entry.zxid, text: textOf(entry.bytes) };
      this.disk.apply(transaction);
      this.#ports.witness.applied(this, transaction);
      const request = process.requests.get(transaction.text);
      process.requests.delete(transaction.text);
      request?.done(this.disk.applied.length - 1);
    }
  }

  /* The quorum port. */

  #addLink(process: Process, connection: Connection<Payload>): LinkId {
    const link = this.#nextLink as LinkId;
    this.#nextLink += 1;
    process.links.set(link, connection);
    process.linkOf.set(connection, link);
    connection.endpoints.set(this.serverId, this.#quorumEndpoint(process));
    return link;
  }

  #quorumEndpoint(process: Process): Endpoint<Payload> {
    return {
      onMessage: (connection, payload) => {
        this.#now(process, () => {
          const link = process.linkOf.get(connection);
          if (link !== undefined) this.#receive(process, link, payload);
        });
      },
      onClosed: (connection) => {
        this.#now(process, () => {
          const link = this.#dropLink(process, connection);
          if (link === undefined) return;
          this.#ports.trace.add(
            () => `${String(this.serverId)} loses the link to ${String(connection.peerOf(this.serverId))}`,
          );
          this.#input(process, (machine) => {
            machine.linkClosed(link);
          });
        });
      },
    };
  }

  #dropLink(process: Process, connection: Connection<Payload>): LinkId | undefined {
    const link = process.linkOf.get(connection);
    if (link === undefined) return undefined;
    process.linkOf.delete(connection);
    process.links.delete(link);
    process.held.delete(link);
    return link;
  }

  #receive(process: Process, link: LinkId, payload: Payload): void {
    if (payload.port === 'tree') {
      this.#later(process, this.#diskDelayMs * 3, () => {
        this.#install(process, link, payload.image);
      });
      return;
    }
    if (payload.port !== 'quorum') return;
    const held = process.held.get(link);
    if (held !== undefined) {
      held.push(payload.message);
      return;
    }
    this.#input(process, (machine) => {
      machine.receive(link, payload.message);
    });
  }

  #install(process: Process, link: LinkId, image: TreeImage): void {
    const held = process.held.get(link);
    // The link has gone meanwhile: what came on it is not wanted.
    if (held === undefined) return;
    process.held.delete(link);
    this.disk.install(image);
    this.#ports.witness.installed(this);
    this.#input(process, (machine) => {
      machine.snapshotInstalled(image.zxid);
    });
    for (const message of held) {
      if (this.#process !== process || !process.links.has(link)) return;
      this.#input(process, (machine) => {
        machine.receive(link, message);
      });
    }
  }

  #send(process: Process, link: LinkId, payload: Payload): void {
    const connection = process.links.get(link);
    if (connection !== undefined) this.#ports.network.send(connection, this.serverId, payload);
  }

  #synchronize(process: Process, link: LinkId, plan: SyncPlan): void {
    carryOutPlan(plan, this.disk, (payload) => {
      this.#send(process, link, payload);
    });
  }

  #connectLeader(process: Process, leader: ServerId): void {
    const { network, timeline, memberOf } = this.#ports;
    const isOpen = !network.isCutOff(this.serverId, leader) && !network.isCutOff(leader, this.serverId);
    const waitMs = isOpen ? network.delayMs() * 2 : CONNECT_TIMEOUT_MS;
    timeline.after(waitMs, () => {
      this.#now(process, () => {
        const target = memberOf(leader);
        if (!isOpen || !target.isUp) {
          this.#input(process, (machine) => {
            machine.leaderUnreachable(leader);
          });
          return;
        }
        const connection = network.open(this.serverId, leader);
        const link = this.#addLink(process, connection);
        target.accept(connection, 'quorum');
        this.#input(process, (machine) => {
          machine.leaderConnected(leader, link);
        });
      });
    });
  }
}
