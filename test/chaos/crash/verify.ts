/**
 * The judge: whether what a server kept is explained by what a writer was told.
 *
 * A writer's requests are executed in their order, so a crash keeps a beginning of its history: everything that was answered,
 * and then as much of the rest as had become durable. Any other state is a loss, a resurrection or a torn multi.
 */
import type { Action } from './actions.js';
import { ExpectedTree, type ExpectedNode, type Told } from './expected-tree.js';
import type { ObservedNode, ObservedTree } from './observed-tree.js';

/** One request and what is known about it. */
export interface HistoryEntry {
  readonly action: Action;
  /** The code that must be answered. */
  readonly expectedCode: number;
  /** What the acknowledgement told; undefined while there is none. */
  told: Told | undefined;
}

/** What was found of one writer after a crash. */
export interface Found {
  readonly tree: ObservedTree;
  /** Whether the server took the session back. */
  readonly sessionOpen: boolean;
}

/** The part of a writer that the judge looks at. */
export interface Witness {
  readonly base: string;
  readonly sessionId: bigint;
  readonly history: readonly HistoryEntry[];
  readonly answeredCount: number;
}

/** The verdict: how much of the history was kept, or in words what cannot be explained. */
export type Verdict =
  | { readonly ok: true; readonly keptCount: number; readonly tree: ExpectedTree }
  | { readonly ok: false; readonly differences: readonly string[] };

/** Looks for the beginning of the history that explains what was found. */
export function judge(witness: Witness, found: Found): Verdict {
  const tree = new ExpectedTree();
  for (const entry of witness.history.slice(0, witness.answeredCount)) tree.apply(entry.action, entry.told);
  let best = differencesOf(tree, found, witness.sessionId);
  for (let kept = witness.answeredCount; ; kept += 1) {
    const differences = differencesOf(tree, found, witness.sessionId);
    if (differences.length === 0) return { ok: true, keptCount: kept, tree };
    if (differences.length < best.length) best = differences;
    const next = witness.history[kept];
    if (next === undefined) break;
    tree.apply(next.action);
  }
  const heading = `${witness.base}: ${witness.answeredCount} of ${witness.history.length} requests were answered; no beginning explains what is there`;
  return { ok: false, differences: [heading, ...best.slice(0, 10)] };
}

/** Every way in which what was found differs from what is expected, in words. */
export function differencesOf(expected: ExpectedTree, found: Found, sessionId: bigint): string[] {
  const differences: string[] = [];
  if (expected.sessionOpen !== found.sessionOpen) {
    differences.push(`session ${sessionId} is ${found.sessionOpen ? 'open' : 'gone'}, against expectation`);
  }
  for (const [path, node] of expected.nodes) {
    const seen = found.tree.nodes.get(path);
    const difference = seen === undefined ? 'is missing' : nodeDifference(node, seen, sessionId);
    if (difference !== undefined) differences.push(`${path} ${difference}`);
  }
  for (const path of found.tree.nodes.keys()) {
    if (!expected.nodes.has(path)) differences.push(`${path} is there, against expectation`);
  }
  return [...differences, ...sequentialDifferences(expected, found.tree.sequential)];
}

function nodeDifference(expected: ExpectedNode, seen: ObservedNode, sessionId: bigint): string | undefined {
  if (seen.data !== expected.data) return `holds ${brief(seen.data)} instead of ${brief(expected.data)}`;
  if (seen.stat.version !== expected.version) {
    return `has version ${seen.stat.version} instead of ${expected.version}`;
  }
  const owner = expected.ephemeral ? sessionId : 0n;
  if (seen.stat.ephemeralOwner !== owner) return `is owned by ${seen.stat.ephemeralOwner} instead of ${owner}`;
  if (expected.mzxid !== undefined && seen.stat.mzxid !== expected.mzxid) {
    return `was changed by ${seen.stat.mzxid}, but ${expected.mzxid} was answered`;
  }
  return undefined;
}

function sequentialDifferences(expected: ExpectedTree, seen: ReadonlyMap<string, ObservedNode>): string[] {
  const differences: string[] = [];
  const pathByData = new Map([...seen].map(([path, node]) => [node.data, path]));
  let lastPath = '';
  for (const [data, toldPath] of expected.sequential) {
    const path = pathByData.get(data);
    if (path === undefined) {
      differences.push(`the sequential znode of ${brief(data)} is missing`);
      continue;
    }
    if (toldPath !== undefined && toldPath !== path) differences.push(`${path} was answered as ${toldPath}`);
    // Ten digits each, so the order of names is the order of numbers.
    if (path <= lastPath) differences.push(`${path} was created after ${lastPath}`);
    lastPath = path;
    pathByData.delete(data);
  }
  for (const path of pathByData.values()) differences.push(`${path} is there, against expectation`);
  return differences;
}

function brief(data: string): string {
  return data.length <= 60 ? data : `${data.slice(0, 60)}... (${data.length})`;
}
