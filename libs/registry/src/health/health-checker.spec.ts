import { describe, expect, it } from '@jest/globals';
import { RegistryClosedError } from '../errors.js';
import { RegistryStage } from '../registry-stage.fake.js';
import { HealthChecker, type HealthCheckerOptions } from './health-checker.js';
import type { ProbeTarget } from './probe.js';

/** A network in which instances answer or not, as the test says. */
class World {
  readonly stage = new RegistryStage();
  readonly broken = new Set<string>();
  readonly silent = new Set<string>();
  /** Who checked whom. */
  readonly checks: string[] = [];

  async platform(name: string, options: HealthCheckerOptions = {}) {
    const actor = await this.stage.actor();
    const tcp = ({ instance, signal }: ProbeTarget): Promise<void> => {
      this.checks.push(`${name}:${instance.id}`);
      if (this.silent.has(instance.id)) {
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reject(new Error('aborted'));
          });
        });
      }
      return this.broken.has(instance.id) ? Promise.reject(new Error('connection refused')) : Promise.resolve();
    };
    const checker = new HealthChecker(actor.client, actor.registry, {
      probes: { tcp },
      timers: this.stage.ensemble.timers,
      random: () => 0.5,
      ...options,
    });
    await this.stage.result(checker.start());
    return { ...actor, checker };
  }
}

const spec = (id: string) => ({
  service: 'web',
  id,
  address: '10.0.0.1',
  port: 80,
  check: { kind: 'tcp' as const, intervalMs: 1000, timeoutMs: 500, rise: 2, fall: 3 },
});

describe('active checks', () => {
  it('of instances that do not say how often and how long are done as the platform is told', async () => {
    const world = new World();
    const { registry } = await world.platform('p1', { intervalMs: 700, timeoutMs: 100 });
    world.silent.add('a');
    await world.stage.result(registry.register({ ...spec('a'), check: { kind: 'tcp', fall: 1 } }));
    await world.stage.ensemble.pass(3000);
    // One every 700 ms, and 100 ms in which nobody answers.
    expect(world.checks).toHaveLength(4);
    expect(registry.view('web').instances.map(({ health }) => health)).toEqual(['failing']);
    await expect(world.platform('p2', { intervalMs: 1 })).rejects.toThrow(
      'intervalMs: must be a whole number from 500',
    );
  });

  it('mark an instance that fails so many times in a row, and unmark it when it has recovered', async () => {
    const world = new World();
    const { registry } = await world.platform('p1');
    await world.stage.result(registry.register(spec('a')));
    const view = registry.view('web');
    await world.stage.ensemble.pass(1500);
    expect(view.instances[0]?.health).toBe('passing');
    world.broken.add('a');
    await world.stage.ensemble.pass(2000);
    expect(view.instances[0]?.health).toBe('passing');
    await world.stage.ensemble.pass(1000);
    expect(view.instances[0]?.health).toBe('failing');
    world.broken.clear();
    await world.stage.ensemble.pass(1000);
    expect(view.instances[0]?.health).toBe('failing');
    await world.stage.ensemble.pass(1000);
    expect(view.instances[0]?.health).toBe('passing');
  });

  it('take no answer within the time for a failure', async () => {
    const world = new World();
    world.silent.add('a');
    const { registry, client } = await world.platform('p1');
    await world.stage.result(registry.register(spec('a')));
    await world.stage.ensemble.pass(2000);
    const { data } = await world.stage.result(client.get('/corral/registry/notes/web/health/a'));
    expect(JSON.parse(data.toString())).toEqual({ health: 'failing', reason: 'no answer within 500 ms' });
  });

  it('leave instances alone that do not ask for them', async () => {
    const world = new World();
    const { registry } = await world.platform('p1');
    const { check: _check, ...unchecked } = spec('a');
    await world.stage.result(registry.register(unchecked));
    await world.stage.ensemble.pass(5000);
    expect(world.checks).toEqual([]);
    expect(registry.view('web').instances[0]?.health).toBe('unknown');
  });

  it('are spread over the platforms, each instance checked by one, and go on when a platform dies', async () => {
    const world = new World();
    const [first, second] = [await world.platform('p1'), await world.platform('p2')];
    const ids = Array.from({ length: 20 }, (_, i) => `i-${i}`);
    for (const id of ids) await world.stage.result(first.registry.register(spec(id)));
    await world.stage.ensemble.pass(2000);
    expect(first.checker.size + second.checker.size).toBe(20);
    expect(Math.min(first.checker.size, second.checker.size)).toBeGreaterThan(2);
    world.stage.ensemble.cut(second.client);
    world.stage.ensemble.expire(second.client);
    await world.stage.ensemble.settle();
    expect(first.checker.size).toBe(20);
  });

  it('go on beside a znode whose name no service can have', async () => {
    const world = new World();
    const { registry, client } = await world.platform('p1');
    await world.stage.result(client.ensurePath(`/services/${'long'.repeat(100)}`));
    await world.stage.result(registry.register(spec('a')));
    await world.stage.ensemble.pass(1500);
    expect(registry.view('web').instances[0]?.health).toBe('passing');
  });

  it('do not begin on a registry that is closed', async () => {
    const world = new World();
    const { registry, client } = await world.stage.actor();
    await world.stage.result(registry.close());
    await expect(new HealthChecker(client, registry).start()).rejects.toThrow(RegistryClosedError);
  });

  it('leave no note of an instance that has left', async () => {
    const world = new World();
    const { registry, client } = await world.platform('p1');
    const registration = await world.stage.result(registry.register(spec('a')));
    await world.stage.ensemble.pass(2000);
    await world.stage.result(registration.leave());
    await world.stage.ensemble.settle();
    expect(await world.stage.result(client.exists('/corral/registry/notes/web/health/a'))).toBeUndefined();
  });
});
