import { type Timing, timingOf } from '@corral/zab';
import type { Prng } from '../../prng.js';

/** The step of every member's timer, and ZooKeeper's tick of which timeouts are made. */
export const TICK_MS = 20;
export const TICK_TIME_MS = 200;

/** The timing of an ensemble, and after how many transactions an epoch is used up, where that is to be soon. */
export function drawTiming(prng: Prng): { readonly timing: Timing; readonly counterMax: number | undefined } {
  const settings = { tickMs: TICK_MS, tickTimeMs: TICK_TIME_MS, initLimit: 5, syncLimit: 2 };
  const heartbeat = { intervalMs: 40, silenceMs: 160 };
  const timing = timingOf(prng.chance(0.3) ? { ...settings, heartbeat } : settings);
  return { timing, counterMax: prng.chance(0.2) ? prng.between(5, 60) : undefined };
}
