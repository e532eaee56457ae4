/** Platforms that are killed in the middle of releases: the old release is seen or the new one, whole, whoever serves the ensemble. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Prng } from '../../prng.js';
import { chaosSeed } from '../../chaos/support/seed.js';
import { until } from '../until.js';
import { HttpApi } from './http-api.js';
import { NumberedApplication } from './numbered-application.js';
import type { PlatformProcess } from './platform-process.js';
import type { Stage } from './stage.js';

const KILLS = 6;
/** Releases on their way at each kill, begun one after the other: each is met at another moment. */
const APPLICATIONS = ['cart', 'catalog', 'invoices', 'orders', 'pricing', 'search'];

/** Declares the suite. */
export function describeMidRelease(openStage: () => Promise<Stage>): void {
  describe('a platform that is killed in the middle of releases', () => {
    let stage: Stage;
    let witness: HttpApi;
    let applications: NumberedApplication[];

    beforeAll(async () => {
      stage = await openStage();
      applications = APPLICATIONS.map((name) => new NumberedApplication(stage.client, name));
      witness = new HttpApi((await stage.startPlatform()).url);
    }, 60_000);

    afterAll(async () => {
      await Promise.all((applications ?? []).map((application) => application.close()));
      await stage?.stop();
    });

    const untilSettled = (application: NumberedApplication): Promise<unknown> =>
      until(
        'all see the same release',
        () => application.seen(witness),
        (seen) => seen !== undefined,
      );

    it('leaves the old releases or the new ones, never a mix, and nothing that was answered is lost', async () => {
      const seed = chaosSeed();
      console.log(`kill -9 of platforms: ${KILLS} times, CHAOS_SEED=${seed}`);
      const prng = new Prng(seed);
      const startedMs = performance.now();
      await Promise.all(applications.map((application) => application.publish(witness)));
      let spanMs = performance.now() - startedMs;

      let [made, notMade] = [0, 0];
      let next: Promise<PlatformProcess> = stage.startPlatform();
      for (let kill = 0; kill < KILLS; kill += 1) {
        const victim = await next;
        // It gets ready while the other one dies.
        if (kill + 1 < KILLS) next = stage.startPlatform();
        const api = new HttpApi(victim.url);
        const publishes = applications.map(async (application) => {
          await delay(prng.next() * spanMs);
          return application.publish(api);
        });
        await delay((0.5 + prng.next()) * spanMs);
        await victim.stop('SIGKILL');
        await Promise.all(publishes);
        await Promise.all(applications.map(untilSettled));
        expect({ seed, kill, faults: applications.flatMap(({ faults }) => faults) }).toEqual({
          seed,
          kill,
          faults: [],
        });
        const newest = applications.filter(({ isNewestKept }) => isNewestKept).length;
        made += newest;
        notMade += applications.length - newest;
        // A busy machine is slower than it was: the kills are to fall among the releases, not before or behind all of them.
        if (newest === 0) spanMs *= 1.5;
        if (newest === applications.length) spanMs /= 1.5;
      }
      expect({ seed, made, notMade, both: made > 0 && notMade > 0 }).toMatchObject({ both: true });
    }, 150_000);

    it('leaves nothing in the way of the next release, and a history of whole ones', async () => {
      for (const application of applications) {
        expect(await application.publish(witness)).toBe('made');
        await untilSettled(application);
        const releases = await application.releases(witness);
        expect(releases.map(({ changes }) => changes.length)).toEqual(releases.map(() => 4));
      }
      expect(applications.flatMap(({ faults }) => faults)).toEqual([]);
    });
  });
}
