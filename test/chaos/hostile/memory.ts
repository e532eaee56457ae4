/** Watches the memory of a server while something tries to inflate it. */
import { setTimeout as delay } from 'node:timers/promises';
import { anonymousMemoryMb } from '../../bench/process-stats.js';

const SAMPLE_EVERY_MS = 20;

/** Runs an attack; resolves to the most megabytes that the process grew by meanwhile. */
export async function growthDuring(pid: number, attack: () => Promise<void>): Promise<number> {
  const before = anonymousMemoryMb(pid);
  let most = before;
  let over = false;
  const watch = (async () => {
    while (!over) {
      most = Math.max(most, anonymousMemoryMb(pid));
      await delay(SAMPLE_EVERY_MS);
    }
  })();
  try {
    await attack();
  } finally {
    over = true;
    await watch;
  }
  return most - before;
}
