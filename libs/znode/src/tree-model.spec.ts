import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type MultiOperation, OPEN_ACL, OpCode } from '@corral/model';
import { MemoryTreeStore } from '@corral/storage-memory';
import { bytesOf, requester, TreeBench } from './tree-bench.fake.js';

/*
 * Random operations against the simplest tree that could be right: a Map of plain objects that does everything at once.
 * Decisions, stats and data must agree, however much of what was proposed is applied yet.
 */

interface Node {
  data: string | null;
  owner: bigint;
  czxid: number;
  mzxid: number;
  pzxid: number;
  version: number;
  cversion: number;
  aversion: number;
  creates: number;
  numChildren: number;
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

class Model {
  nodes = new Map<string, Node>();
  #zxid = 0;

  constructor() {
    this.nodes.set('/', this.#node('', 0n, 0));
    Object.assign(this.nodes.get('/')!, { numChildren: 1, cversion: -1 });
  }

  #node(data: string | null, owner: bigint, zxid: number): Node {
    const zxids = { czxid: zxid, mzxid: zxid, pzxid: zxid };
    return { data, owner, ...zxids, version: 0, cversion: 0, aversion: 0, creates: 0, numChildren: 0 };
  }

  /** Does one operation; every code but 0 means that nothing was done. */
  #do(operation: Operation, zxid: number): number {
    const node = this.nodes.get(operation.path);
    const parent = this.nodes.get(parentOf(operation.path));
    if (operation.kind === 'create') return this.#create(operation, parent, zxid);
    if (operation.kind === 'delete' && (parent === undefined || operation.path === '/'))
      return parent === undefined ? -101 : -8;
    if (node === undefined) return -101;
    if (operation.version !== -1 && operation.version !== (operation.kind === 'setAcl' ? node.aversion : node.version))
      return -103;
    switch (operation.kind) {
      case 'delete':
        if (node.numChildren > 0) return -111;
        this.#drop(operation.path, zxid);
        return 0;
      case 'setData':
        Object.assign(node, { data: operation.data, mzxid: zxid, version: node.version + 1 });
        return 0;
      case 'setAcl':
        node.aversion += 1;
        return 0;
      case 'check':
        return 0;
    }
  }

  #create({ path, flags, data, session }: Create, parent: Node | undefined, zxid: number): number {
    if (parent === undefined) return -101;
    const full = (flags & 2) === 0 ? path : path + String(parent.creates).padStart(10, '0');
    if (this.nodes.has(full)) return -110;
    if (parent.owner !== 0n) return -108;
    this.nodes.set(full, this.#node(data, (flags & 1) === 0 ? 0n : session, zxid));
    parent.creates += 1;
    parent.numChildren += 1;
    parent.cversion += 1;
    parent.pzxid = zxid;
    return 0;
  }

  #drop(path: string, zxid: number): void {
    this.nodes.delete(path);
    const parent = this.nodes.get(parentOf(path))!;
    parent.numChildren -= 1;
    parent.cversion += 1;
    parent.pzxid = zxid;
  }

  single(operation: Operation): number {
    const code = this.#do(operation, this.#zxid + 1);
    if (code === 0) this.#zxid += 1;
    return code;
  }

  multi(operations: readonly Operation[]): number[] | undefined {
    const before = new Map([...this.nodes].map(([path, node]) => [path, { ...node }]));
    for (const [at, operation] of operations.entries()) {
      const code = this.#do(operation, this.#zxid + 1);
      if (code === 0) continue;
      this.nodes = before;
      return operations.map((_, place) => (place < at ? 0 : place === at ? code : -2));
    }
    this.#zxid += 1;
    return undefined;
  }

  closeSession(session: bigint): void {
    this.#zxid += 1;
    for (const [path, node] of [...this.nodes]) if (node.owner === session) this.#drop(path, this.#zxid);
  }
}

interface Create {
  readonly kind: 'create';
  readonly path: string;
  readonly flags: number;
  readonly data: string | null;
  readonly session: bigint;
}
type Operation =
  | Create
  | { readonly kind: 'delete' | 'check' | 'setAcl'; readonly path: string; readonly version: number }
  | { readonly kind: 'setData'; readonly path: string; readonly version: number; readonly data: string | null };
type Step =
  | { readonly kind: 'single'; readonly operation: Operation }
  | { readonly kind: 'multi'; readonly operations: readonly Operation[]; readonly session: bigint }
  | { readonly kind: 'closeSession'; readonly session: bigint }
  | { readonly kind: 'apply'; readonly count: number };

const path = fc.constantFrom(
  '/a',
  '/b',
  '/a/a',
  '/a/b',
  '/b/a',
  '/a/a/a',
  '/a/s0000000000',
  '/a/s0000000001',
  '/s0000000002',
);
const version = fc.constantFrom(-1, -1, 0, 1, 2);
const data = fc.constantFrom(null, '', 'x', 'y', 'longer than before');
const session = fc.constantFrom(0x1n, 0x2n);
const created = fc.oneof(
  { weight: 3, arbitrary: fc.record({ path, flags: fc.constantFrom(0, 0, 1) }) },
  { weight: 1, arbitrary: fc.record({ path: fc.constantFrom('/s', '/a/s', '/a/a/s'), flags: fc.constantFrom(2, 3) }) },
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(created, data, session)
      .map(([what, text, by]): Operation => ({ kind: 'create', ...what, data: text, session: by })),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), path, version }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('setData' as const), path, version, data }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('check' as const), path, version }) },
);
const setAcl: fc.Arbitrary<Operation> = fc.record({ kind: fc.constant('setAcl' as const), path, version });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .oneof({ weight: 8, arbitrary: operation }, { weight: 1, arbitrary: setAcl })
      .map((single): Step => ({ kind: 'single', operation: single })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.array(operation, { maxLength: 5 }), session)
      .map(([operations, by]): Step => ({ kind: 'multi', operations, session: by })),
  },
  { weight: 1, arbitrary: session.map((by): Step => ({ kind: 'closeSession', session: by })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 6 }).map((count): Step => ({ kind: 'apply', count })) },
);

const single = (bench: TreeBench, asked: Operation): number => {
  switch (asked.kind) {
    case 'create': {
      const verdict = bench.create(asked.path, { flags: asked.flags, data: asked.data, as: requester(asked.session) });
      return typeof verdict === 'number' ? verdict : 0;
    }
    case 'delete':
      return bench.delete(asked.path, asked.version);
    case 'setData':
      return bench.setData(asked.path, asked.data, asked.version);
    case 'setAcl':
      return bench.setAcl(asked.path, OPEN_ACL, asked.version);
    case 'check':
      return bench.check(asked.path, asked.version);
  }
};

const multiOperation = (asked: Operation): MultiOperation => {
  switch (asked.kind) {
    case 'create':
      return {
        type: OpCode.create,
        path: asked.path,
        data: asked.data === null ? null : bytesOf(asked.data),
        acl: OPEN_ACL,
        flags: asked.flags,
      };
    case 'delete':
      return { type: OpCode.delete, path: asked.path, version: asked.version };
    case 'setData':
      return {
        type: OpCode.setData,
        path: asked.path,
        data: asked.data === null ? null : bytesOf(asked.data),
        version: asked.version,
      };
    default:
      return { type: OpCode.check, path: asked.path, version: asked.version };
  }
};

/** In a multi all ephemerals are of the session that sends it. */
const ofSession = (operations: readonly Operation[], by: bigint): Operation[] =>
  operations.map((asked) => (asked.kind === 'create' ? { ...asked, session: by } : asked));

const run = (bench: TreeBench, model: Model, taken: Step): void => {
  switch (taken.kind) {
    case 'single':
      expect(single(bench, taken.operation)).toBe(model.single(taken.operation));
      return;
    case 'multi': {
      const operations = ofSession(taken.operations, taken.session);
      expect(bench.multi(operations.map(multiOperation), requester(taken.session))).toEqual(model.multi(operations));
      return;
    }
    case 'closeSession':
      model.closeSession(taken.session);
      bench.closeSession(taken.session);
      return;
    case 'apply':
      bench.apply(taken.count);
  }
};

/** What a client can see of the tree, the system's own part left out. */
const seen = (bench: TreeBench): Record<string, unknown> => {
  const found: Record<string, unknown> = {};
  for (const open = ['/']; open.length > 0;) {
    const at = open.pop()!;
    const { ctimeMs: _ctimeMs, mtimeMs: _mtimeMs, dataLength, ephemeralOwner, ...stat } = bench.stat(at)!;
    found[at] = { data: bench.text(at), owner: ephemeralOwner, ...stat };
    expect(dataLength).toBe(bench.text(at)?.length ?? 0);
    for (const name of bench.tree.childNames(at))
      if (name !== 'zookeeper') open.push(at === '/' ? `/${name}` : `${at}/${name}`);
  }
  return found;
};

const expected = (model: Model): Record<string, unknown> =>
  Object.fromEntries([...model.nodes].map(([at, { creates: _creates, ...node }]) => [at, node]));

const steps = fc.array(step, { minLength: 1, maxLength: 60 });

describe('the tree, whatever is asked of it', () => {
  it('decides and shows what the simplest tree would', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const [bench, model] = [new TreeBench(new MemoryTreeStore()), new Model()];
        for (const one of taken) run(bench, model, one);
        bench.apply();
        expect(seen(bench)).toEqual(expected(model));
        expect(bench.outstanding.size).toBe(0);
        expect(bench.tree.znodeCount).toBe(model.nodes.size + 3);
        const ephemerals = [...model.nodes.values()].filter(({ owner }) => owner !== 0n).length;
        expect(bench.tree.owned.ephemeralCount).toBe(ephemerals);
      }),
      { numRuns: 400 },
    );
  });

  it('comes out the same, byte by byte, when its history is replayed, from the start or from a flush in between', () => {
    fc.assert(
      fc.property(steps, fc.nat(60), (taken, flushAfter) => {
        const store = new MemoryTreeStore();
        const [bench, model] = [new TreeBench(store), new Model()];
        for (const one of taken) run(bench, model, one);
        bench.apply();
        const [fresh, crashed] = [new MemoryTreeStore(), new MemoryTreeStore()];
        const fromStart = new TreeBench(fresh).tree;
        const beforeCrash = new TreeBench(crashed).tree;
        crashed.flush();
        for (const [at, transaction] of bench.history.entries()) {
          fromStart.apply(transaction);
          beforeCrash.apply(transaction);
          if (at === flushAfter) crashed.flush();
        }
        crashed.crash();
        const afterCrash = new TreeBench(crashed).tree;
        for (const transaction of bench.history) afterCrash.apply(transaction);
        for (const replayed of [fresh, crashed]) {
          expect(replayed.state).toEqual(store.state);
          for (const at of [...model.nodes.keys(), '/zookeeper']) expect(replayed.get(at)).toEqual(store.get(at));
        }
      }),
      { numRuns: 100 },
    );
  });
});
