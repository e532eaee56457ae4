import { formatSessionId, type SessionId } from '@corral/primitives';
import { nodeName, parentPath, ROOT_PATH } from '@corral/model';
import { dataOf, statOf, type TreeStore } from '@corral/znode';
import { BrokenPromiseError } from './broken-promise.js';
import type { ReferenceTree } from './reference-tree.js';

/** @throws BrokenPromiseError when a member's tree is not what the committed transactions make of one. */
export function checkSameTrees(stores: ReadonlyMap<string, TreeStore>, reference: ReferenceTree): void {
  let first: { who: string; lines: string[] } | undefined;
  for (const [who, store] of stores) {
    const lines = linesOf(store, ROOT_PATH);
    const sessions = [...store.sessions()].map(
      ([id, timeoutMs]) => `session ${formatSessionId(id)} ${String(timeoutMs)}`,
    );
    const owned = [...store.owned()].map(([path, owner]) => `${path} is of ${formatSessionId(owner)}`);
    lines.push(...sessions.sort(), ...owned.sort());
    first ??= { who, lines };
    const other = first.lines;
    const place = lines.findIndex((line, at) => line !== other[at]);
    if (place !== -1 || lines.length !== other.length) {
      const difference = `${String(lines[place])} where ${first.who} has ${String(other[place])}`;
      throw new BrokenPromiseError('SameTrees', `the tree of ${who} differs: ${difference}`);
    }
    checkAgainst(reference, who, store);
  }
}

function linesOf(store: TreeStore, path: string): string[] {
  const record = store.get(path);
  if (record === undefined) throw new BrokenPromiseError('SameTrees', `${path} is a child, and there is none`);
  const children = store.childNames(path).sort();
  const own = `${path} ${Buffer.from(record).toString('hex')} ${children.join(',')}`;
  return [own, ...children.flatMap((name) => linesOf(store, path === ROOT_PATH ? `/${name}` : `${path}/${name}`))];
}

/** The records by themselves: what of them clients can see was compared with every answer. */
function checkAgainst(reference: ReferenceTree, who: string, store: TreeStore): void {
  for (const path of reference.paths()) {
    const record = store.get(path);
    const znode = reference.at(path, reference.lastZxid)!;
    const data = record === undefined ? undefined : Buffer.from(dataOf(record) ?? []).toString('latin1');
    if (record === undefined || data !== znode.data || statOf(record).ephemeralOwner !== znode.owner) {
      throw new BrokenPromiseError('SameTrees', `${who} has something else at ${path}`);
    }
    if (path !== ROOT_PATH && !store.childNames(parentPath(path)).includes(nodeName(path))) {
      throw new BrokenPromiseError('SameTrees', `${who} has ${path}, and its parent does not list it`);
    }
  }
  const living = new Set<SessionId>([...store.sessions()].map(([id]) => id));
  for (const [id, { closedZxid }] of reference.sessions) {
    if (living.has(id) === (closedZxid === undefined)) continue;
    const state = closedZxid === undefined ? 'lost' : 'kept';
    throw new BrokenPromiseError('SameTrees', `${who} has ${state} session ${formatSessionId(id)}`);
  }
}
