import { describe, expect, it } from '@jest/globals';
import { type Actor, RegistryStage } from '../registry-stage.fake.js';
import { Storm, STORM_SEEDS } from '../storm.fake.js';
import type { Registration } from '../types.js';

/** A process that registers one instance, changes it, and leaves, and what the ensemble should say of it. */
class Service {
  port = 0;
  #registration: Registration | undefined;

  constructor(
    readonly id: string,
    readonly actor: Actor,
  ) {}

  get isRight(): boolean {
    return this.#registration === undefined || this.#registration.isRegistered;
  }

  get path(): string {
    return `/services/web/${this.id}`;
  }

  /** Registers, or changes its port when it has registered. */
  say(port: number): void {
    this.port = port;
    if (this.#registration !== undefined) {
      this.#registration.update({ port }).catch(() => undefined);
      return;
    }
    this.actor.registry.register({ service: 'web', id: this.id, address: '10.0.0.1', port }).then(
      (registration) => (this.#registration = registration),
      () => undefined,
    );
  }

  get isSettled(): boolean {
    return this.port === 0 || this.#registration !== undefined;
  }

  leave(): void {
    this.port = 0;
    void this.#registration?.leave();
    this.#registration = undefined;
  }
}

/** One thing that happens. */
async function step(stage: RegistryStage, storm: Storm, services: readonly Service[], operator: Actor): Promise<void> {
  const service = storm.oneOf(services);
  const { client } = service.actor;
  switch (storm.below(4)) {
    case 0:
      service.say(1 + storm.below(60_000));
      await storm.breakMidway(client);
      // A registration is waited for; everything else comes on top of what is under way.
      stage.ensemble.heal(client);
      while (!service.isSettled) await stage.ensemble.pass(500);
      break;
    case 1:
      service.leave();
      await storm.breakMidway(client);
      break;
    case 2:
      operator.client.delete(service.path).catch(() => undefined);
      break;
    default:
      await storm.trouble(client);
  }
  await storm.pass(2500);
}

describe.each(STORM_SEEDS)('registrations in a storm (seed %i)', (seed) => {
  it('are those that should be, as they were last changed, each of its own session, and all views agree', async () => {
    const stage = new RegistryStage();
    const storm = new Storm(stage, seed);
    const services: Service[] = [];
    for (const id of ['a', 'b', 'c', 'd']) services.push(new Service(id, await stage.actor()));
    const operator = await stage.actor();
    const view = operator.registry.view('web');
    for (let steps = 0; steps < 60; steps += 1) await step(stage, storm, services, operator);
    await storm.end(services.map(({ actor }) => actor.client));

    const wanted = services.filter(({ port }) => port > 0);
    const there = [...(await stage.result(operator.registry.instances('web')))].filter(({ guarded }) => !guarded);
    expect(there.map(({ id, port }) => [id, port]).sort()).toEqual(wanted.map(({ id, port }) => [id, port]));
    expect(view.instances).toEqual(await stage.result(operator.registry.instances('web')));
    expect(services.map(({ isRight }) => isRight)).not.toContain(false);
    for (const { actor, path } of wanted) {
      expect((await stage.result(operator.client.get(path))).stat.ephemeralOwner).toBe(actor.client.sessionId);
    }
    const names = await stage.result(operator.client.children('/services/web').catch(() => []));
    expect(names).toEqual(wanted.map(({ id }) => id));
  });
});
