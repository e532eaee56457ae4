/** Gradual releases whose platform is killed on the way: the next one carries them on, whoever serves the ensemble. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigSubscription } from '@corral/live-config';
import { until } from '../until.js';
import { type Answer, type Body, HttpApi } from './http-api.js';
import type { PlatformProcess } from './platform-process.js';
import type { Stage } from './stage.js';
import { SwitchedGates } from './switched-gates.js';

const APP = '/v1/config/namespaces/shop/applications/pricing';
const CLAIM = '/corral/config/_controller';
const PLATFORMS = '/corral/registry/platforms';
/** The first stage reaches Europe, the second everybody. */
const STAGES = [
  { name: 'canary', select: { labels: { zone: 'eu' } }, soakMs: 200, gate: 'canary-well' },
  { name: 'all', select: { percent: 100 }, soakMs: 200, gate: 'all-well' },
];

/** A subscriber and all the values that it has shown, the repeated ones once. */
class Watcher {
  readonly seen: unknown[] = [];
  readonly subscription: ConfigSubscription;

  constructor(stage: Stage, zone: string) {
    const target = { namespace: 'shop', application: 'pricing' };
    this.subscription = new ConfigSubscription(stage.client, { target, labels: { zone } });
    this.subscription.onChange((snapshot) => void this.seen.push(snapshot.get('percent')));
  }

  untilSees(percent: number): Promise<unknown> {
    return until(
      `it sees ${percent}`,
      async () => this.subscription.get('percent'),
      (seen) => seen === percent,
    );
  }
}

/** Declares the suite. The tests build on each other. */
export function describeRollouts(openStage: () => Promise<Stage>): void {
  describe('a gradual release whose platform is killed', () => {
    const gates = new SwitchedGates();
    /** By the name under which a platform is known to the others. */
    const platforms = new Map<string, PlatformProcess>();
    let file: string;
    let stage: Stage;
    let europe: Watcher;
    let america: Watcher;

    beforeAll(async () => {
      stage = await openStage();
      file = await gates.open('canary-well', 'all-well');
      await startPlatform();
      await startPlatform();
      [europe, america] = [new Watcher(stage, 'eu'), new Watcher(stage, 'us')];
    }, 60_000);

    afterAll(async () => {
      gates.close();
      await Promise.all([europe, america].map((watcher) => watcher?.subscription.close()));
      await stage?.stop();
    });

    async function startPlatform(): Promise<void> {
      const platform = await stage.startPlatform({ CORRAL_PLATFORM_SESSION_TIMEOUT_MS: '4000' }, [file]);
      const newcomer = await until(
        'the platform is known to the others',
        async () => (await stage.client.children(PLATFORMS)).find((id) => !platforms.has(id)),
        (id) => id !== undefined,
      );
      platforms.set(newcomer ?? '', platform);
    }

    /** The platform that carries releases on now: the claim is of the same session as its membership. */
    async function carrier(): Promise<string | undefined> {
      const claim = await stage.client.exists(CLAIM);
      for (const id of platforms.keys()) {
        const membership = await stage.client.exists(`${PLATFORMS}/${id}`);
        if (claim !== undefined && membership?.ephemeralOwner === claim.ephemeralOwner) return id;
      }
      return undefined;
    }

    /** Kills the platform that carries releases on, and waits for another to do so. */
    async function killCarrier(): Promise<void> {
      const victim = await until('somebody carries on', carrier, (id) => id !== undefined);
      await platforms.get(victim ?? '')?.stop('SIGKILL');
      platforms.delete(victim ?? '');
      await until('another carries on', carrier, (id) => id !== undefined);
    }

    /** A platform that lives. */
    const api = (): HttpApi => new HttpApi([...platforms.values()][0]?.url ?? '');
    const publish = (percent: number, more: object = {}): Promise<Answer> =>
      api().send('POST', `${APP}/releases`, {
        changes: [{ name: 'discount', format: 'yaml', content: `percent: ${percent}` }],
        ...more,
      });
    async function untilStatus(what: string, fits: (status: Body) => boolean): Promise<Body> {
      const { body } = await until(
        what,
        () => api().get(`${APP}/status`),
        (answer) => fits(answer.body),
      );
      return body;
    }

    it('goes on where it stood, to its end', async () => {
      await publish(1);
      await Promise.all([europe.untilSees(1), america.untilSees(1)]);
      expect(await publish(2, { rollout: { stages: STAGES } })).toMatchObject({ status: 201 });
      await europe.untilSees(2);
      gates.say('canary-well', 'pass');
      await untilStatus('the second stage', ({ rollout }) => rollout?.stage === 1);
      await america.untilSees(2);

      await killCarrier();
      expect(await untilStatus('the same stage', () => true)).toMatchObject({
        release: 1,
        rollout: { release: 2, stage: 1, status: 'soaking' },
      });
      gates.say('all-well', 'pass');
      expect(await untilStatus('its end', ({ rollout }) => rollout === undefined)).toMatchObject({
        release: 2,
        lastRollout: { release: 2, outcome: 'completed', stage: 1 },
      });
      expect([europe.seen.slice(-2), america.seen.slice(-2)]).toEqual([
        [1, 2],
        [1, 2],
      ]);
    });

    it('is rolled back by the next platform when its gate fails', async () => {
      await startPlatform();
      gates.say('canary-well', 'undecided');
      expect(await publish(3, { rollout: { stages: STAGES } })).toMatchObject({ status: 201 });
      await europe.untilSees(3);

      await killCarrier();
      expect((await publish(4)).status).toBe(409);
      gates.say('canary-well', 'fail');
      expect(await untilStatus('its end', ({ rollout }) => rollout === undefined)).toMatchObject({
        release: 2,
        lastRollout: {
          ...{ release: 3, outcome: 'rolled-back', stage: 0 },
          reason: expect.stringContaining('gate canary-well failed'),
        },
      });
      await europe.untilSees(2);
      expect(america.seen).not.toContain(3);
      expect(await publish(5)).toMatchObject({ status: 201 });
      await Promise.all([europe.untilSees(5), america.untilSees(5)]);
    });
  });
}
