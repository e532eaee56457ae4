/** Starts ensembles of Apache ZooKeeper and Corral members in any composition. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApache } from './apache.js';
import { startCorral } from './corral.js';
import { fourLetterWord } from './four-letter-word.js';
import { returnPorts, takeFreePorts, type PortRange } from './free-ports.js';
import type { RunningServer, ServerKind } from './running-server.js';
import { DEFAULT_PORT_RANGE, type ServerOptions } from './server-options.js';

/** How an ensemble is to be started. */
export interface EnsembleTestOptions {
  /** One for each member, the first of which is member 1. */
  readonly kinds: readonly ServerKind[];
  readonly ports?: PortRange;
  /** Lines added to every member's `zoo.cfg`. */
  readonly configLines?: readonly string[];
  readonly server?: Pick<ServerOptions, 'nodeArguments' | 'javaArguments' | 'environment'>;
  /** Where member `from` finds member `to`, when that is not where it listens: a path that a test can cut. */
  readonly pathTo?: (
    from: number,
    to: MemberPorts,
  ) => Promise<{ readonly quorumPort: number; readonly electionPort: number }>;
}

/** Where a member listens. */
export interface MemberPorts {
  readonly id: number;
  readonly clientPort: number;
  readonly quorumPort: number;
  readonly electionPort: number;
}

interface Member extends MemberPorts {
  readonly directory: string;
  readonly serverLines: readonly string[];
  kind: ServerKind;
  server: RunningServer | undefined;
}

/** An ensemble of processes on loopback. `stop` must be called. */
export class TestEnsemble {
  readonly #options: EnsembleTestOptions;
  readonly #home: string;
  readonly #ports: readonly number[];
  readonly #members: Member[] = [];

  private constructor(options: EnsembleTestOptions, ports: readonly number[]) {
    this.#options = options;
    this.#home = mkdtempSync(join(tmpdir(), 'corral-ensemble-'));
    this.#ports = ports;
  }

  /** Starts all members and returns when each of them serves. */
  static async start(options: EnsembleTestOptions): Promise<TestEnsemble> {
    const ports = await takeFreePorts(options.ports ?? DEFAULT_PORT_RANGE, options.kinds.length * 3);
    const ensemble = new TestEnsemble(options, ports);
    await ensemble.#layOut();
    try {
      await Promise.all(ensemble.#members.map((member) => ensemble.#start(member)));
    } catch (error) {
      await ensemble.stop();
      throw error;
    }
    return ensemble;
  }

  async #layOut(): Promise<void> {
    const all: MemberPorts[] = this.#options.kinds.map((_, at) => {
      const [clientPort = 0, quorumPort = 0, electionPort = 0] = this.#ports.slice(at * 3);
      return { id: at + 1, clientPort, quorumPort, electionPort };
    });
    for (const [at, ports] of all.entries()) {
      const directory = join(this.#home, String(ports.id));
      mkdirSync(join(directory, 'data'), { recursive: true });
      writeFileSync(join(directory, 'data', 'myid'), `${ports.id}\n`);
      const serverLines = await Promise.all(all.map((other) => this.#serverLine(ports.id, other)));
      this.#members.push({ ...ports, directory, serverLines, kind: this.#options.kinds[at]!, server: undefined });
    }
  }

  async #serverLine(from: number, to: MemberPorts): Promise<string> {
    const path = from === to.id ? to : ((await this.#options.pathTo?.(from, to)) ?? to);
    return `server.${to.id}=127.0.0.1:${path.quorumPort}:${path.electionPort}`;
  }

  async #start(member: Member): Promise<void> {
    const { clientPort, directory, kind, serverLines } = member;
    const start = kind === 'apache' ? startApache : startCorral;
    member.server = await start({
      ...this.#options.server,
      directory,
      clientPort,
      ports: this.#options.ports ?? DEFAULT_PORT_RANGE,
      configLines: ['initLimit=10', 'syncLimit=5', ...serverLines, ...(this.#options.configLines ?? [])],
      startTimeoutMs: 60_000,
    });
  }

  get ids(): readonly number[] {
    return this.#members.map(({ id }) => id);
  }

  get clientPorts(): readonly number[] {
    return this.#members.map(({ clientPort }) => clientPort);
  }

  /** The process of a member that runs. */
  server(id: number): RunningServer {
    const { server } = this.#member(id);
    if (server === undefined) throw new Error(`member ${id} does not run`);
    return server;
  }

  #member(id: number): Member {
    const member = this.#members.find((candidate) => candidate.id === id);
    if (member === undefined) throw new Error(`there is no member ${id}`);
    return member;
  }

  clientPort(id: number): number {
    return this.#member(id).clientPort;
  }

  /** Where a member listens. */
  ports(id: number): MemberPorts {
    return this.#member(id);
  }

  /** Where a member keeps its data. */
  dataDirectory(id: number): string {
    return join(this.#member(id).directory, 'data');
  }

  /** What a member does: leader, follower, observer; nothing when it does not serve. */
  async mode(id: number): Promise<string | undefined> {
    const answer = await fourLetterWord(this.clientPort(id), 'srvr', 2_000).catch(() => '');
    return /Mode: (\S+)/.exec(answer)?.[1];
  }

  /** The member that leads. */
  async leader(): Promise<number> {
    for (const id of this.ids) if ((await this.mode(id)) === 'leader') return id;
    throw new Error('nobody leads');
  }

  /** Stops a member, with SIGTERM unless told otherwise. */
  async stopMember(id: number, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const member = this.#member(id);
    await member.server?.stop(signal, 20_000);
    member.server = undefined;
  }

  /** Starts a stopped member, as the same or as another kind of server; returns when it serves. */
  async startMember(id: number, kind?: ServerKind): Promise<void> {
    const member = this.#member(id);
    if (kind !== undefined) member.kind = kind;
    await this.#start(member);
  }

  /** Everything the member's processes have written. */
  log(id: number): string {
    return this.server(id).log();
  }

  /** Ends all members and removes their directories. */
  async stop(): Promise<void> {
    await Promise.all(this.#members.map(async ({ server }) => server?.stop('SIGKILL')));
    returnPorts(this.#ports);
    if (process.env['CORRAL_KEEP_DIRECTORIES'] !== '1') rmSync(this.#home, { recursive: true, force: true });
  }
}
