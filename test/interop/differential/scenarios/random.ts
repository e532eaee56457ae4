/**
 * Requests drawn from a seed, for what nobody thought of, with a `kill -9` in the middle. The same seed draws the same
 * requests on both servers.
 */
import { digestOf } from '../../harness/index.js';
import { Flag, Perm } from '../raw/op-codes.js';
import { op, OPEN, type AclEntry, type MultiOp } from '../raw/requests.js';
import { drawFrom, type Draw } from '../stage/draw.js';
import type { Session } from '../stage/session.js';
import type { Stage } from '../stage/stage.js';
import type { Scenario } from '../stage/scenario.js';

const STEPS = 150;
const SEEDS = [1, 2, 3, 4];

const world = (perms: number): AclEntry => ({ perms, scheme: 'world', id: 'anyone' });
const user = (name: string, perms: number): AclEntry => ({ perms, scheme: 'digest', id: digestOf(name, 'secret') });

const ACCESS_LISTS: readonly (readonly AclEntry[])[] = [
  OPEN,
  OPEN,
  OPEN,
  [world(Perm.read)],
  [world(Perm.all & ~Perm.read)],
  [user('u0', Perm.all)],
  [user('u1', Perm.all), world(Perm.read)],
  [user('u0', Perm.read | Perm.create), user('u1', Perm.write | Perm.delete | Perm.admin)],
  [{ perms: Perm.all, scheme: 'auth', id: '' }],
];

/** One seed's play. */
class RandomPlay {
  readonly #root: string;
  #sessions: Session[] = [];
  #opened = 0;

  constructor(
    private readonly stage: Stage,
    private readonly draw: Draw,
    root: string,
  ) {
    this.#root = root;
  }

  async run(): Promise<void> {
    for (const _ of [1, 2, 3]) await this.#open();
    await this.#someone().create(this.#root);
    for (let step = 0; step < STEPS; step += 1) {
      if (step === STEPS / 2) await this.#restart();
      await this.#step(this.#someone());
    }
  }

  /** What was acknowledged is there after `kill -9`, and the sessions go on with their ephemerals. */
  async #restart(): Promise<void> {
    await this.stage.restart('SIGKILL');
    const before = this.#sessions;
    this.#sessions = [];
    for (const { id, password, actor } of before) {
      this.#sessions.push(await this.stage.session(actor.name, { sessionId: id, password }));
    }
  }

  async #open(): Promise<void> {
    this.#opened += 1;
    this.#sessions.push(await this.stage.session(`s${this.#opened}`));
  }

  #someone(): Session {
    return this.#pick(this.#sessions);
  }

  #pick<T>(list: readonly T[]): T {
    const item = list[this.draw(list.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** A path of up to three levels over few names, so that requests meet. */
  #path(): string {
    const levels = this.#pick([1, 1, 1, 2, 2, 3]);
    return this.#root + Array.from({ length: levels }, () => `/${this.#pick(['a', 'b'])}`).join('');
  }

  #version(): number {
    return this.#pick([-1, -1, -1, 0, 1, 2]);
  }

  #flags(): number {
    return this.#pick([
      Flag.persistent,
      Flag.persistent,
      Flag.persistent,
      Flag.ephemeral,
      Flag.sequential,
      Flag.ephemeralSequential,
    ]);
  }

  /** One mode for each path: what happens when modes meet on one path is a scenario of its own. */
  #addWatch(session: Session): Promise<unknown> {
    const path = this.#path();
    return session.addWatch(`${path}/watched`, path.length % 2);
  }

  #operation(): MultiOp {
    const path = this.#path();
    switch (this.draw(6)) {
      case 0:
      case 1:
        return op.create(path, { flags: this.#flags(), data: `m${this.draw(9)}` });
      case 2:
        return op.delete(path, this.#version());
      case 3:
        return op.check(path, this.#version());
      case 4:
        return op.create2(`${path}/watched`);
      default:
        return op.setData(path, `m${this.draw(9)}`, this.#version());
    }
  }

  #read(session: Session): Promise<unknown> {
    const path = this.#path();
    const watch = this.draw(2) === 0;
    switch (this.draw(8)) {
      case 0:
        return session.getData(path, watch);
      case 1:
        return session.getChildren(path, watch);
      case 2:
        return session.getChildren2(path, watch);
      case 3:
        return this.draw(2) === 0 ? session.getEphemerals(path) : session.getAcl(path);
      case 4:
        return session.getAllChildrenNumber(path);
      case 5:
        return session.multiRead('two', op.getData(path), op.getChildren(this.#path()));
      case 6:
        return session.removeWatches(path, 1 + this.draw(3));
      default:
        return session.exists(path, watch);
    }
  }

  async #write(session: Session): Promise<unknown> {
    const path = this.#path();
    switch (this.draw(12)) {
      case 0:
      case 1:
      case 2:
        return session.create(path, { flags: this.#flags(), data: `d${this.draw(9)}` });
      case 3:
        return session.create2(path, { flags: this.#flags(), acl: this.#pick(ACCESS_LISTS) });
      case 4:
        return session.createContainer(path);
      case 5:
        return session.create(`${path}/watched`, { data: 'w' });
      case 6:
        return session.delete(`${path}/watched`);
      case 7:
        return session.delete(path, this.#version());
      case 8:
        return session.setAcl(path, this.#pick(ACCESS_LISTS), this.#version());
      case 9:
        return session.multi('some', ...Array.from({ length: 1 + this.draw(4) }, () => this.#operation()));
      default:
        return session.setData(path, `d${this.draw(9)}`, this.#version());
    }
  }

  async #step(session: Session): Promise<void> {
    const kind = this.draw(20);
    // One user for each session: the order in which `auth` expands to several is no part of the protocol.
    if (kind === 19) {
      await session.auth('digest', `u${Number(session.actor.name.slice(1)) % 2}:secret`);
    } else if (kind === 0) {
      this.#sessions = this.#sessions.filter((other) => other !== session);
      await session.closeSession();
      await this.#open();
    } else if (kind === 1) {
      await this.#addWatch(session);
    } else if (kind < 8) {
      await this.#read(session);
    } else {
      await this.#write(session);
    }
  }
}

/** Scenarios of this file. */
export const randomScenarios: readonly Scenario[] = SEEDS.map((seed) => ({
  name: `random: seed ${seed}`,
  root: `/random${seed}`,
  play: (stage: Stage) => new RandomPlay(stage, drawFrom(seed), `/random${seed}`).run(),
}));
