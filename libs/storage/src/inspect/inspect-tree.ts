import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { childPath, ROOT_PATH } from '@corral/model';
import { formatSessionId, formatZxid } from '@corral/primitives';
import { decodeAcl } from '@corral/wire';
import { aclBytesOf, dataOf, hasOpenAcl, statOf, type ZnodeRecord } from '@corral/znode';
import { namesIn } from '../file-system.js';
import { LmdbTreeStore } from '../lmdb/lmdb-tree-store.js';
import { describeAcl, describeData, describeOwner, describeTime } from './describe.js';

/** Which part of a tree is shown. */
export interface InspectTreeOptions {
  /** Only this znode and those below it. */
  readonly path?: string;
  /** No more znodes than these, and no more sessions. */
  readonly limit?: number;
}

/** Where the tree's file may lie inside the directory that somebody names. */
const PLACES = ['.', 'tree.lmdb', 'corral/tree.lmdb'];

/**
 * A tree for a person: what it is as a whole, the sessions, then one line per znode, parents before children, names in order.
 * Shows what the last flush has written; reads only, and works while a server is using the file.
 * @throws RangeError when there is no tree in the directory, or no such znode.
 */
export function* inspectTree(directoryOrFile: string, options: InspectTreeOptions = {}): Iterable<string> {
  const store = LmdbTreeStore.open({ file: findFile(directoryOrFile), mode: 'read-only' });
  try {
    const top = options.path ?? ROOT_PATH;
    if (store.get(top) === undefined) throw new RangeError(`there is no znode ${top}`);
    const { appliedZxid, znodeCount, dataSizeBytes } = store.state;
    yield `# zxid ${formatZxid(appliedZxid)}, ${String(znodeCount)} znodes, ${String(dataSizeBytes)} bytes of paths and data`;
    if (top === ROOT_PATH) yield* sessionLines(store, options.limit ?? Number.POSITIVE_INFINITY);
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    for (const path of pathsBelow(store, top)) {
      if (left-- <= 0) return;
      yield znodeLine(path, store.get(path)!);
    }
  } finally {
    void store.abandon();
  }
}

function* sessionLines(store: LmdbTreeStore, limit: number): Iterable<string> {
  const sessions = [...store.sessions()];
  for (const [id, timeoutMs] of sessions.slice(0, limit)) {
    yield `# session ${formatSessionId(id)}, timeout ${String(timeoutMs)} ms`;
  }
  if (sessions.length > limit) yield `# and ${String(sessions.length - limit)} more sessions`;
}

/** Without recursion, because a tree may be deeper than the stack. */
function* pathsBelow(store: LmdbTreeStore, top: string): Iterable<string> {
  const waiting = [top];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    yield path;
    const names = store.childNames(path).sort().reverse();
    for (const name of names) waiting.push(childPath(path, name));
  }
}

function znodeLine(path: string, record: ZnodeRecord): string {
  const stat = statOf(record);
  const parts = [
    path,
    describeData(dataOf(record)),
    `version ${String(stat.version)}`,
    `children ${String(stat.numChildren)}`,
    `czxid ${formatZxid(stat.czxid)}`,
    `mzxid ${formatZxid(stat.mzxid)}`,
    `modified ${describeTime(stat.mtimeMs)}`,
    describeOwner(stat.ephemeralOwner),
    hasOpenAcl(record) ? '' : `acl ${describeAcl(decodeAcl(aclBytesOf(record)))}`,
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function findFile(directoryOrFile: string): string {
  const candidates = PLACES.map((place) => (place === '.' ? directoryOrFile : join(directoryOrFile, place)));
  const file = candidates.find((candidate) => candidate.endsWith('db') && existsSync(candidate));
  if (file !== undefined) return file;
  // Says so when it is no directory, or one that this user may not look into.
  namesIn(directoryOrFile);
  throw new RangeError(`there is no tree (tree.lmdb) in ${directoryOrFile}, nor in corral below it`);
}
