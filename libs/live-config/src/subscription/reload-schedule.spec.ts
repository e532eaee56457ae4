import { describe, expect, it } from '@jest/globals';
import { ManualClock } from './manual-clock.fake.js';
import { ReloadSchedule } from './reload-schedule.js';

const stage = (reload: () => Promise<void>) => {
  const clock = new ManualClock();
  return { clock, schedule: new ReloadSchedule(reload, 50, clock) };
};

describe('reloading', () => {
  it('is done at once after a quiet time, and then once for all that changed within the debounce', async () => {
    let reloads = 0;
    const { clock, schedule } = stage(async () => void (reloads += 1));
    schedule.want();
    expect(reloads).toBe(1);
    await clock.pass(10);
    schedule.want();
    schedule.want();
    await clock.pass(39);
    expect(reloads).toBe(1);
    await clock.pass(1);
    expect(reloads).toBe(2);
    await clock.pass(1000);
    expect(reloads).toBe(2);
    schedule.want();
    expect(reloads).toBe(3);
  });

  it('is never done twice at a time, and what changed meanwhile is not forgotten', async () => {
    let running = 0;
    let reloads = 0;
    let finish = (): void => undefined;
    const { clock, schedule } = stage(async () => {
      running += 1;
      reloads += 1;
      expect(running).toBe(1);
      await new Promise<void>((resolve) => (finish = resolve));
      running -= 1;
    });
    schedule.want();
    schedule.want();
    await clock.pass(1000);
    expect(reloads).toBe(1);
    finish();
    await clock.pass(50);
    expect(reloads).toBe(2);
  });

  it('that failed is tried again, sooner when something changes', async () => {
    let reloads = 0;
    const { clock, schedule } = stage(async () => {
      reloads += 1;
      if (reloads < 3) schedule.retryAfter(500);
    });
    schedule.want();
    await clock.pass(499);
    expect(reloads).toBe(1);
    await clock.pass(1);
    expect(reloads).toBe(2);
    schedule.want();
    expect(reloads).toBe(3);
    await clock.pass(5000);
    expect(reloads).toBe(3);
  });

  it('waits no longer than the debounce when the clock is set back', async () => {
    let reloads = 0;
    let setBackMs = 0;
    const clock = new ManualClock();
    const askew = {
      nowMs: () => clock.nowMs() - setBackMs,
      after: (ms: number, run: () => void) => clock.after(ms, run),
    };
    const schedule = new ReloadSchedule(async () => void (reloads += 1), 50, askew);
    schedule.want();
    await clock.pass(10);
    setBackMs = 3_600_000;
    schedule.want();
    await clock.pass(49);
    expect(reloads).toBe(1);
    await clock.pass(51);
    expect(reloads).toBe(2);
  });

  it('ends when closed', async () => {
    let reloads = 0;
    const { clock, schedule } = stage(async () => void (reloads += 1));
    schedule.want();
    schedule.want();
    schedule.close();
    await clock.pass(1000);
    schedule.want();
    expect(reloads).toBe(1);
  });
});
