import { childPath } from '@corral/model';
import type { CallOptions, Context } from '../context.js';
import { ConnectionLossError } from '../errors/connection-errors.js';
import { NoNodeError, NotEmptyError } from '../errors/server-errors.js';
import { deleteZnode, getChildren } from './operations.js';

/** Requests that are under way at once: enough to keep a server busy, few enough to leave room for others. */
const UNDER_WAY_MAX = 1000;

/** Others may create below while this deletes; after so many rounds they have won. */
const ROUNDS_MAX = 8;

/** Deletes a znode and everything below it, the deepest first. Not at once: others may see it half done. What is gone already is fine. */
export async function deleteRecursive(context: Context, path: string, call: CallOptions | undefined): Promise<void> {
  for (let round = 1; ; round += 1) {
    const levels = await levelsOf(context, path, call);
    try {
      for (const level of levels.reverse()) {
        await inBatches(level, (each) =>
          unlessGone(context.ask(deleteZnode, each, { path: context.full(each), version: -1 }, call)),
        );
      }
      return;
    } catch (error) {
      const mayGoOn = error instanceof NotEmptyError || error instanceof ConnectionLossError;
      if (!mayGoOn || round >= ROUNDS_MAX) throw error;
    }
  }
}

/** The znodes of the subtree by depth, the root of it first. */
async function levelsOf(context: Context, path: string, call: CallOptions | undefined): Promise<string[][]> {
  const levels: string[][] = [];
  for (let level = [path]; level.length > 0;) {
    levels.push(level);
    const below = await inBatches(level, async (parent) => {
      const names = await unlessGone(context.read(getChildren, parent, call));
      return (names ?? []).map((name) => childPath(parent, name));
    });
    level = below.flat();
  }
  return levels;
}

async function inBatches<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += UNDER_WAY_MAX) {
    const settled = await Promise.allSettled(items.slice(from, from + UNDER_WAY_MAX).map(run));
    for (const result of settled) {
      if (result.status === 'rejected') throw result.reason;
      results.push(result.value);
    }
  }
  return results;
}

async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoNodeError) return undefined;
    throw error;
  }
}
