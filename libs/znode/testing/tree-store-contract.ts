/** What every tree store must do, as a suite that each implementation runs. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SessionId, sessionIdOf, type Zxid } from '@corral/primitives';
import { dataOf, newRecord, stampData, type TreeStore, withData, type ZnodeRecord } from '@corral/znode';

/** How the suite handles a store without knowing what it is. */
export interface TreeStoreHandle {
  readonly store: TreeStore;
  /** Makes all writes durable and waits for it. */
  flushAll(): Promise<void>;
  /** Ends the store as a crash would, and opens what a new process would find. */
  crash(): Promise<TreeStoreHandle>;
  /** Frees what the store holds. */
  dispose(): Promise<void>;
}

const NO_ACL = new Uint8Array(0);
const SESSION = sessionIdOf(0x1_0000_0000_0001n);
const CONTAINER = sessionIdOf(1n << 63n);

function allocate(sizeBytes: number): Uint8Array {
  return new Uint8Array(sizeBytes);
}

function record(text: string, zxid = 1, owner: bigint = 0n): ZnodeRecord {
  const data = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return newRecord({ data, acl: NO_ACL, zxid: zxid as Zxid, timeMs: 5, owner: owner as SessionId }, allocate);
}

function textOf(found: ZnodeRecord | undefined): string | undefined {
  if (found === undefined) return undefined;
  return String.fromCharCode(...(dataOf(found) ?? []));
}

/** Describes the contract; `open` makes an empty store. */
export function describeTreeStore(name: string, open: () => Promise<TreeStoreHandle>): void {
  describe(`${name} keeps the contract of a tree store`, () => {
    let handle: TreeStoreHandle;
    let store: TreeStore;

    beforeEach(async () => {
      handle = await open();
      ({ store } = handle);
    });

    afterEach(async () => {
      await handle.dispose();
    });

    const crash = async (): Promise<void> => {
      handle = await handle.crash();
      ({ store } = handle);
    };

    const create = (parent: string, child: string, text: string): string => {
      const path = parent === '/' ? `/${child}` : `${parent}/${child}`;
      store.put(path, record(text));
      store.linkChild(parent, child);
      return path;
    };

    const remove = (parent: string, child: string): void => {
      store.remove(parent === '/' ? `/${child}` : `${parent}/${child}`);
      store.unlinkChild(parent, child);
    };

    const applied = (zxid: number): void => {
      store.state.appliedZxid = zxid as Zxid;
      store.transactionApplied();
    };

    const names = (parent: string): string[] => store.childNames(parent).sort();

    it('begins empty', () => {
      expect(store.state).toEqual({ appliedZxid: 0, znodeCount: 0, dataSizeBytes: 0 });
      expect(store.flushedZxid).toBe(0);
      expect(store.get('/')).toBeUndefined();
      expect(names('/')).toEqual([]);
      expect([...store.sessions()]).toEqual([]);
      expect([...store.owned()]).toEqual([]);
    });

    it('shows a write at once, before and after it is durable', async () => {
      create('/', 'a', 'one');
      expect(textOf(store.get('/a'))).toBe('one');
      expect(store.get('/ab')).toBeUndefined();
      await handle.flushAll();
      expect(textOf(store.get('/a'))).toBe('one');
      expect(store.get('/ab')).toBeUndefined();
    });

    it('shows a removal at once, before and after it is durable', async () => {
      create('/', 'a', 'one');
      await handle.flushAll();
      remove('/', 'a');
      expect(store.get('/a')).toBeUndefined();
      expect(names('/')).toEqual([]);
      await handle.flushAll();
      expect(store.get('/a')).toBeUndefined();
      expect(names('/')).toEqual([]);
    });

    it('takes a change in place when the record is put again', async () => {
      create('/', 'a', 'one');
      applied(1);
      await handle.flushAll();
      const found = store.get('/a')!;
      const changed = withData(found, Uint8Array.of(0x74), allocate);
      stampData(changed, 2 as Zxid, 6, 1);
      store.put('/a', changed);
      applied(2);
      await handle.flushAll();
      await crash();
      expect(textOf(store.get('/a'))).toBe('t');
    });

    it('keeps what was flushed apart from what changed while it was flushed', async () => {
      create('/', 'a', 'one');
      applied(1);
      store.flush();
      const live = store.get('/a')!;
      const later = withData(
        live,
        Uint8Array.from('two', (character) => character.charCodeAt(0)),
        allocate,
      );
      expect(later).toBe(live);
      store.put('/a', later);
      create('/', 'b', 'new');
      remove('/', 'a');
      expect(names('/')).toEqual(['b']);
      create('/', 'a', 'three');
      applied(2);
      await handle.flushAll();
      await crash();
      expect(textOf(store.get('/a'))).toBe('three');
      expect(names('/')).toEqual(['a', 'b']);
    });

    it('shows after a crash exactly what was flushed last', async () => {
      create('/', 'a', 'one');
      store.state.znodeCount = 2;
      store.state.dataSizeBytes = 7;
      applied(7);
      await handle.flushAll();
      expect(store.flushedZxid).toBe(7);
      create('/', 'b', 'two');
      remove('/', 'a');
      store.putSession(SESSION, 4000);
      store.putOwned('/b', SESSION);
      applied(8);
      await crash();
      // Either nothing of the second transaction, or all of it.
      const { appliedZxid } = store.state;
      expect([7, 8]).toContain(appliedZxid);
      expect(store.flushedZxid).toBe(appliedZxid);
      expect(names('/')).toEqual(appliedZxid === 7 ? ['a'] : ['b']);
      expect(textOf(store.get('/a'))).toBe(appliedZxid === 7 ? 'one' : undefined);
      expect([...store.sessions()]).toHaveLength(appliedZxid - 7);
      expect(store.state.znodeCount).toBe(2);
      expect(store.state.dataSizeBytes).toBe(7);
    });

    it('lists children only, from memory and from disk together', async () => {
      store.put('/', record(''));
      create('/', 'a', '1');
      create('/a', 'deep', '2');
      create('/a/deep', 'deeper', '3');
      create('/', 'a-b', '4');
      create('/', 'a0', '5');
      await handle.flushAll();
      create('/', 'B', '6');
      create('/a', 'second', '7');
      remove('/', 'a0');
      expect(names('/')).toEqual(['B', 'a', 'a-b']);
      expect(names('/a')).toEqual(['deep', 'second']);
      expect(names('/a/deep')).toEqual(['deeper']);
      expect(names('/a/deep/deeper')).toEqual([]);
      await handle.flushAll();
      expect(names('/')).toEqual(['B', 'a', 'a-b']);
      expect(names('/a')).toEqual(['deep', 'second']);
    });

    it('lists a child that went and came back once', async () => {
      create('/', 'a', 'one');
      await handle.flushAll();
      remove('/', 'a');
      create('/', 'a', 'two');
      expect(names('/')).toEqual(['a']);
      await handle.flushAll();
      expect(names('/')).toEqual(['a']);
      expect(textOf(store.get('/a'))).toBe('two');
    });

    it('takes any Unicode in paths', async () => {
      const odd = ['é', '日本', 'a b', '0', '~', 'ÿ', '\u{1F600}'];
      for (const child of odd) create('/', child, child.slice(0, 1));
      create('/日本', '京都', 'x');
      await handle.flushAll();
      await crash();
      expect(names('/')).toEqual([...odd].sort());
      expect(names('/日本')).toEqual(['京都']);
      expect(textOf(store.get('/日本/京都'))).toBe('x');
    });

    it.each([1890, 1898, 1899, 1900, 1901, 1910, 4000, 100_000])('takes a name of %i bytes', async (length) => {
      const long = 'n'.repeat(length - 1);
      const wide = 'ü'.repeat(Math.floor(length / 2));
      create('/', `${long}x`, 'first');
      create('/', `${long}y`, 'second');
      create('/', wide, 'third');
      create('/', 'short', 'fourth');
      create(`/${long}x`, 'child', 'below');
      create(`/${long}x/child`, 'grandchild', 'deeper');
      applied(1);
      const check = (): void => {
        expect(names('/')).toEqual([`${long}x`, `${long}y`, 'short', wide].sort());
        expect(names(`/${long}x`)).toEqual(['child']);
        expect(names(`/${long}x/child`)).toEqual(['grandchild']);
        expect(names(`/${long}y`)).toEqual([]);
        expect(textOf(store.get(`/${long}x`))).toBe('first');
        expect(textOf(store.get(`/${long}y`))).toBe('second');
        expect(textOf(store.get(`/${wide}`))).toBe('third');
        expect(textOf(store.get(`/${long}x/child`))).toBe('below');
        expect(store.get(`/${long}z`)).toBeUndefined();
      };
      check();
      await handle.flushAll();
      await crash();
      check();
      remove(`/${long}x/child`, 'grandchild');
      remove('/', `${long}y`);
      await handle.flushAll();
      expect(names('/')).toEqual([`${long}x`, 'short', wide].sort());
      expect(names(`/${long}x/child`)).toEqual([]);
    });

    it('takes a path of a thousand levels', async () => {
      let path = '/';
      for (let level = 0; level < 1000; level++) path = create(path, `level-${String(level)}`, String(level));
      applied(1);
      await handle.flushAll();
      await crash();
      expect(textOf(store.get(path))).toBe('999');
      expect(names(path.slice(0, path.lastIndexOf('/')))).toEqual(['level-999']);
    });

    it('keeps sessions and owned znodes, changed and removed', async () => {
      const other = sessionIdOf(-2n);
      store.putSession(SESSION, 4000);
      store.putSession(other, 6000);
      store.putOwned('/e', SESSION);
      store.putOwned('/c', CONTAINER);
      const long = `/${'p'.repeat(3000)}`;
      store.putOwned(long, other);
      applied(1);
      await handle.flushAll();
      store.putSession(SESSION, 5000);
      store.removeSession(other);
      store.removeOwned('/e');
      applied(2);
      const check = (): void => {
        expect([...store.sessions()]).toEqual([[SESSION, 5000]]);
        expect(new Map(store.owned())).toEqual(
          new Map([
            ['/c', CONTAINER],
            [long, other],
          ]),
        );
      };
      check();
      await handle.flushAll();
      await crash();
      check();
    });

    it('holds more records than any cache', async () => {
      const count = 30_000;
      for (let index = 0; index < count; index++) {
        create('/', `n${String(index)}`, String(index));
        applied(index + 1);
        if (index % 1000 === 999) await new Promise((resolve) => setImmediate(resolve));
      }
      for (let index = 0; index < count; index += 7) {
        expect(textOf(store.get(`/n${String(index)}`))).toBe(String(index));
      }
      expect(names('/')).toHaveLength(count);
      await handle.flushAll();
      await crash();
      expect(store.state.appliedZxid).toBe(count);
      expect(names('/')).toHaveLength(count);
      expect(textOf(store.get('/n29999'))).toBe('29999');
    });
  });
}
