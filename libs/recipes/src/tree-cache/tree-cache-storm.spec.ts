import { describe, expect, it } from '@jest/globals';
import type { Client } from '@corral/client';
import { TestEnsemble } from '@corral/client/testing';
import { OpCode } from '@corral/model';
import { TreeCache } from './tree-cache.js';

const PATHS = ['/t', '/t/a', '/t/a/x', '/t/a/y', '/t/b', '/t/b/x'];
const SINCE_3_6 = [OpCode.addWatch, OpCode.setWatches2, OpCode.removeWatches, OpCode.multiRead];
const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1);

/** Whole numbers from 0 to one below the bound, the same for the same seed. */
function chance(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** One thing that happens, to the tree or to the connection of who keeps a copy. */
function happen(ensemble: TestEnsemble, reader: Client, writer: Client, below: (bound: number) => number): void {
  const path = PATHS[below(PATHS.length)]!;
  const ignore = (): void => undefined;
  switch (below(8)) {
    case 0:
      ensemble.drop(reader);
      break;
    case 1:
      ensemble.cut(reader);
      break;
    case 2:
      ensemble.heal(reader);
      break;
    case 3:
      if (reader.sessionId !== 0n) ensemble.expire(reader);
      break;
    case 4:
      writer.deleteRecursive(path).catch(ignore);
      break;
    default:
      writer.create(path, String(below(1000))).catch(ignore);
      writer.set(path, String(below(1000))).catch(ignore);
  }
}

describe.each([
  ['of now', []],
  ['before 3.6', SINCE_3_6],
])('a tree cache on a server %s', (_age, lacking) => {
  it.each(SEEDS)('is right after a storm, and has told each difference once (seed %i)', async (seed) => {
    const below = chance(seed);
    const ensemble = new TestEnsemble({}, { lacking: new Set(lacking) });
    const reader = await ensemble.connect({ sessionTimeoutMs: 4000 });
    const writer = await ensemble.connect();
    const cache = new TreeCache(reader, '/t');
    const told = new Map<string, string>();
    const wrong: string[] = [];
    cache.onChange((change) => {
      if (told.has(change.path) === (change.type === 'added')) wrong.push(`${change.type} ${change.path}`);
      if (change.type === 'removed') told.delete(change.path);
      else told.set(change.path, change.node.data.toString());
    });
    for (let steps = 0; steps < 80; steps += 1) {
      happen(ensemble, reader, writer, below);
      ensemble.automatic();
      for (let turns = below(12); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
      ensemble.stopAutomatic();
      await ensemble.pass(below(2) * below(1000));
    }
    ensemble.heal(reader);
    await ensemble.pass(20_000);
    const there = new Map<string, string>();
    for (const path of PATHS) {
      const znode = await ensemble.result(writer.getOrUndefined(path));
      if (znode !== undefined) there.set(path, znode.data.toString());
    }
    const kept = [...cache.paths()].map((path): [string, string] => [path, cache.get(path)!.data.toString()]);
    expect([new Map(kept), cache.state]).toEqual([there, 'current']);
    expect([told, wrong]).toEqual([there, []]);
    cache.close();
    await ensemble.result(Promise.all([reader.close(), writer.close()]));
  });
});
