import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Acl, type Change, CreateFlag, OPEN_ACL, OpCode, parentPath } from '@corral/model';
import type { SessionId, Zxid } from '@corral/primitives';
import { JuteAclCodec, SNAPSHOT_SIGNATURE } from '@corral/wire';
import { Tree, type TreeStore } from '@corral/znode';
import { allocate } from '../allocate.js';
import { LmdbTreeStore } from '../lmdb/lmdb-tree-store.js';
import type { OutgoingSnapshot } from '../lmdb/outgoing-snapshot.js';
import { silentLogger } from '../logger.js';
import { IncomingSnapshot, installReadyTree } from './incoming-snapshot.js';

const SECRET: readonly Acl[] = [{ perms: 1, scheme: 'digest', id: 'ann:x' }];
const SESSION = 0x0100_0000_0000_0001n as SessionId;

/** Everything in a store. */
function contentsOf(store: TreeStore): unknown {
  const records = new Map<string, string>();
  const walk = (path: string): void => {
    records.set(path, Buffer.from(store.get(path)!).toString('hex'));
    for (const name of store.childNames(path)) walk(path === '/' ? `/${name}` : `${path}/${name}`);
  };
  walk('/');
  return { records, state: { ...store.state }, sessions: [...store.sessions()], owned: new Map(store.owned()) };
}

/** A whole snapshot. */
function bytesOf(outgoing: OutgoingSnapshot): Buffer {
  return Buffer.concat(Array.from(outgoing.pieces(), (piece) => Buffer.from(piece)));
}

class Writer {
  readonly #tree: Tree;
  readonly #created = new Map<string, number>();
  #zxid = 0x1_0000_0000;

  constructor(store: TreeStore) {
    this.#tree = new Tree({ store, aclCodec: new JuteAclCodec(), allocate, deliver: () => undefined });
  }

  /** How many children the parent has had with this one. */
  #creates(path: string): number {
    const parent = parentPath(path);
    const count = (this.#created.get(parent) ?? 0) + 1;
    this.#created.set(parent, count);
    return count;
  }

  apply(change: Change): void {
    this.#zxid += 1;
    this.#tree.apply({ header: { sessionId: SESSION, cxid: 0, zxid: this.#zxid as Zxid, timeMs: 1_000 }, change });
  }

  create(path: string, acl = OPEN_ACL, flags: number = CreateFlag.persistent): void {
    const ephemeral = flags === CreateFlag.ephemeral;
    this.apply({
      type: OpCode.create,
      path,
      data: Buffer.from(path.slice(0, 20)),
      acl,
      ephemeral,
      parentCreates: this.#creates(path),
    });
  }
}

describe('a snapshot for a learner', () => {
  let directory: string;
  let source: LmdbTreeStore;
  let writer: Writer;
  const target = (): string => join(directory, 'target', 'tree.lmdb');
  const logDirectory = (): string => join(directory, 'log');

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'corral-snapshot-'));
    mkdirSync(join(directory, 'target'));
    mkdirSync(logDirectory());
    source = LmdbTreeStore.open({ file: join(directory, 'source.lmdb') });
    writer = new Writer(source);
    writer.apply({ type: OpCode.createSession, timeoutMs: 30_000 });
    for (let at = 0; at < 50; at += 1) {
      writer.create(`/dir${String(at)}`);
      writer.create(`/dir${String(at)}/secret`, SECRET);
      writer.create(`/dir${String(at)}/secret/leaf`);
    }
    writer.create('/alive', OPEN_ACL, CreateFlag.ephemeral);
    writer.create(`/${'long'.repeat(600)}`);
    writer.create(`/${'long'.repeat(600)}/below`);
    writer.create(`/${'long'.repeat(600)}/below/that`);
    writer.apply({ type: OpCode.createContainer, path: '/box', data: null, acl: OPEN_ACL, parentCreates: 53 });
    writer.apply({ type: OpCode.createTtl, path: '/soon', data: null, acl: OPEN_ACL, parentCreates: 54, ttlMs: 77 });
    await source.flushAll();
  });

  afterEach(async () => {
    await source.abandon();
    rmSync(directory, { recursive: true });
  });

  const transfer = (chunkBytes: number): { incoming: IncomingSnapshot; zxid: Zxid; rest: Buffer } => {
    const outgoing = source.openSnapshot();
    const bytes = Buffer.concat([bytesOf(outgoing), Buffer.from('what follows')]);
    outgoing.close();
    const incoming = new IncomingSnapshot(target(), silentLogger);
    let rest: Buffer | undefined;
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      const chunk = bytes.subarray(at, at + chunkBytes);
      if (rest === undefined) rest = incoming.push(chunk);
      else rest = Buffer.concat([rest, chunk]);
    }
    return { incoming, zxid: outgoing.zxid, rest: rest! };
  };

  it.each([7, 1_000, 1_000_000])('arrives as the same tree, in chunks of %d bytes', async (chunkBytes) => {
    const { incoming, zxid, rest } = transfer(chunkBytes);
    expect(rest.toString()).toBe('what follows');
    await incoming.complete(zxid);
    expect(installReadyTree(target(), logDirectory())).toBe(true);
    const copy = LmdbTreeStore.open({ file: target() });
    expect(contentsOf(copy)).toEqual(contentsOf(source));
    await copy.abandon();
  });

  it('shows one moment, whatever is applied meanwhile', async () => {
    const before = contentsOf(source);
    const outgoing = source.openSnapshot();
    writer.create('/later');
    await source.flushAll();
    const incoming = new IncomingSnapshot(target(), silentLogger);
    for (const piece of outgoing.pieces()) incoming.push(piece);
    outgoing.close();
    await incoming.complete(outgoing.zxid);
    installReadyTree(target(), logDirectory());
    const copy = LmdbTreeStore.open({ file: target() });
    expect(contentsOf(copy)).toEqual(before);
    await copy.abandon();
  });

  it('counts only once it is complete: a start before that goes on with what was there', async () => {
    writeFileSync(target(), '');
    writeFileSync(join(logDirectory(), 'log.1'), 'old');
    const { incoming } = transfer(1_000);
    await incoming.abandon();
    expect(installReadyTree(target(), logDirectory())).toBe(false);
    expect(readdirSync(logDirectory())).toEqual(['log.1']);
    expect(readdirSync(join(directory, 'target'))).toEqual(['tree.lmdb']);
  });

  it('takes the log of the old tree away with it, also when a crash comes between', async () => {
    writeFileSync(join(logDirectory(), 'log.1'), 'old');
    const { incoming, zxid } = transfer(1_000);
    await incoming.complete(zxid);
    expect(existsSync(target())).toBe(false);
    expect(installReadyTree(target(), logDirectory())).toBe(true);
    expect(readdirSync(logDirectory())).toEqual([]);
    expect(installReadyTree(target(), logDirectory())).toBe(false);
  });

  it('is refused when it does not end as it should', async () => {
    const outgoing = source.openSnapshot();
    const bytes = bytesOf(outgoing);
    outgoing.close();
    bytes.write('X', bytes.length - SNAPSHOT_SIGNATURE.length);
    const incoming = new IncomingSnapshot(target(), silentLogger);
    expect(() => incoming.push(bytes)).toThrow(/should in BenWasHere/);
    await incoming.abandon();
  });
});
