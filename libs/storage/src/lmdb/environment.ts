import { type Database, open, type RootDatabase, type Transaction } from 'lmdb';
import { TreeStoreFormatError } from './errors.js';
import { checkTreeFile } from './tree-file.js';
import { type TreeKey, writeTreeKey } from './tree-key.js';
import { TreeScan } from './tree-scan.js';
import { slabEncoding, type ValueSlab } from './value-slab.js';

/** The layout of the file that this code writes. It reads the first one, too, whose records were not packed. */
const FORMAT = 2;

/** Address space, not memory and not disk; LMDB enlarges it when the tree outgrows it. */
const MAP_BYTES = 64 * 1024 ** 3;

/** What LMDB keeps of the tree as a whole. */
export interface StoredState {
  readonly appliedZxid: number;
  readonly znodeCount: number;
  readonly dataSizeBytes: number;
  /** How many znodes have a long key; when none has, listing children needs one range only. */
  readonly longPathCount: number;
}

/** The databases in the tree's file. Commits are visible when LMDB has them in its pages and durable a sync later. */
export interface Environment {
  readonly file: string;
  readonly root: RootDatabase<string, string>;
  /** Packed records by path; behind the path when the key is a long one. */
  readonly tree: Database<ValueSlab | Buffer, TreeKey>;
  /** A way over all of `tree`. */
  readonly scan: TreeScan;
  /** Owner fields by path: int64, then the path when the key is a long one. */
  readonly owned: Database<ValueSlab | Buffer, TreeKey>;
  /** Timeouts in ms (int32) by session id (int64). */
  readonly sessions: Database<ValueSlab | Buffer, TreeKey>;
  /** Format and state, as JSON. */
  readonly meta: Database<string, string>;
}

/**
 * What the file is opened for: a member's work; only looking, also while a server writes it; or building a file that counts
 * only when all of it has been synced at the end.
 */
export type OpenMode = 'durable' | 'read-only' | 'unsynced';

/**
 * Opens the tree's file, and creates it unless it is only to be read.
 * @throws TreeFileDamagedError when it is none, TreeStoreFormatError when a newer Corral wrote it.
 */
export function openEnvironment(file: string, mode: OpenMode = 'durable'): Environment {
  checkTreeFile(file);
  const readOnly = mode === 'read-only';
  const root = open<string, string>({
    path: file,
    mapSize: MAP_BYTES,
    maxDbs: 8,
    overlappingSync: mode === 'durable',
    noSync: mode === 'unsynced',
    readOnly,
    // A batch is a transaction of its own; a turn's worth of writes is not.
    eventTurnBatching: false,
    encoding: 'string',
  });
  const bytesByPath = {
    encoder: slabEncoding as never,
    keyEncoder: { writeKey: writeTreeKey, readKey: readKeyBytes },
  };
  const environment: Environment = {
    file,
    root,
    tree: root.openDB<ValueSlab | Buffer, TreeKey>({ name: 'tree', ...bytesByPath }),
    scan: new TreeScan(root),
    owned: root.openDB<ValueSlab | Buffer, TreeKey>({ name: 'owned', ...bytesByPath }),
    sessions: root.openDB<ValueSlab | Buffer, TreeKey>({ name: 'sessions', ...bytesByPath }),
    meta: root.openDB<string, string>({ name: 'meta', encoding: 'string' }),
  };
  const format = environment.meta.get('format');
  if (format !== undefined && Number(format) > FORMAT) {
    void root.close();
    throw new TreeStoreFormatError(file, Number(format), FORMAT);
  }
  if (mode === 'durable') makeDurable(environment);
  else if (mode === 'unsynced') environment.meta.putSync('format', String(FORMAT));
  return environment;
}

/**
 * A process that was killed may leave commits that only the page cache holds, and LMDB goes on from them. What is read from now on
 * counts as durable, and lets the log be purged, so it must be: a commit of the synced kind covers all before it.
 */
function makeDurable({ root, meta }: Environment): void {
  root.transactionSync(() => {
    meta.putSync('format', String(FORMAT));
    meta.putSync('opened', new Date().toISOString());
  });
}

/** The state of the last flush, all zero in a new file; or, within a read transaction, of the flush that it shows. */
export function readState(environment: Environment, transaction?: Transaction): StoredState {
  const text = environment.meta.get('state', transaction === undefined ? {} : { transaction });
  if (text === undefined) return { appliedZxid: 0, znodeCount: 0, dataSizeBytes: 0, longPathCount: 0 };
  return JSON.parse(text) as StoredState;
}

/** Keys come out as bytes; who wants a path or a name takes it from them. */
function readKeyBytes(target: Buffer, start: number, end: number): Buffer {
  return Buffer.from(target.subarray(start, end));
}
