import { beforeEach, describe, expect, it } from '@jest/globals';
import { CreateFlag } from '@corral/model';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { FakeClient } from './client.fake.js';
import { MemberStage } from './member-stage.fake.js';
import { createOf, deleteOf, readOf, setOf } from './requests.fake.js';

const CHECK_MS = 60_000;

let stage: MemberStage;
let client: FakeClient;

beforeEach(() => {
  // Sessions outlive every test here, so that only containers and times to live end.
  const never = { sessionTimeoutMsMin: 1e9, sessionTimeoutMsMax: 1e9 };
  stage = new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore(), {
    ...never,
    containerCheckIntervalMs: CHECK_MS,
    containerDeletesPerMinuteMax: 3,
  });
  client = stage.newSession();
  stage.member.tick();
});

const write = (...request: Parameters<FakeClient['ask']>): void => {
  client.ask(...request);
  stage.settle();
  expect(client.heard()).toEqual([expect.stringMatching(/ ok$/u)]);
};

const isThere = (path: string): boolean => {
  client.ask('exists', readOf(path));
  return client.heard()[0]!.endsWith(' ok');
};

const pass = (durationMs: number): void => {
  stage.pass(durationMs);
  stage.settle();
};

describe('a container', () => {
  beforeEach(() => {
    write('createContainer', createOf('/c', CreateFlag.container));
  });

  it('stays while it waits for its first child', () => {
    pass(CHECK_MS);
    pass(CHECK_MS);
    expect(isThere('/c')).toBe(true);
  });

  it('stays while it has children, and goes at the first check after the last one went', () => {
    write('create', createOf('/c/a'));
    pass(CHECK_MS);
    expect(isThere('/c')).toBe(true);
    write('delete', deleteOf('/c/a'));
    pass(CHECK_MS - 1);
    expect(isThere('/c')).toBe(true);
    pass(1);
    expect(isThere('/c')).toBe(false);
  });

  it('stays when a child is in flight while the check looks', () => {
    write('create', createOf('/c/a'));
    write('delete', deleteOf('/c/a'));
    client.ask('create', createOf('/c/b'));
    pass(CHECK_MS);
    expect(client.heard()).toEqual([expect.stringMatching(/ ok$/u)]);
    expect(isThere('/c/b')).toBe(true);
  });

  it('goes as if somebody had deleted it: watchers hear of it', () => {
    write('create', createOf('/c/a'));
    write('delete', deleteOf('/c/a'));
    client.ask('getData', readOf('/c', true));
    client.ask('getChildren', readOf('/', true));
    client.heard();
    pass(CHECK_MS);
    expect(client.heard()).toEqual(['event nodeDeleted /c', 'event nodeChildrenChanged /']);
  });
});

describe('a znode with a time to live', () => {
  beforeEach(() => {
    write('createTtl', { ...createOf('/t', CreateFlag.persistentWithTtl), ttlMs: CHECK_MS + 500 });
  });

  it('goes at the first check after its time', () => {
    pass(CHECK_MS);
    expect(isThere('/t')).toBe(true);
    pass(CHECK_MS);
    expect(isThere('/t')).toBe(false);
  });

  it('stays while it is written to', () => {
    for (let round = 0; round < 4; round += 1) {
      write('setData', setOf('/t', 'still here'));
      pass(CHECK_MS);
    }
    expect(isThere('/t')).toBe(true);
  });

  it('stays while it has children', () => {
    write('create', createOf('/t/a'));
    pass(10 * CHECK_MS);
    expect(isThere('/t')).toBe(true);
    write('delete', deleteOf('/t/a'));
    pass(CHECK_MS);
    expect(isThere('/t')).toBe(false);
  });
});

describe('the check', () => {
  it('deletes no more at a time than it is allowed to', () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      write('createTtl', { ...createOf(`/${name}`, CreateFlag.persistentWithTtl), ttlMs: 1 });
    }
    pass(CHECK_MS);
    const left = (): number => ['a', 'b', 'c', 'd', 'e'].filter((name) => isThere(`/${name}`)).length;
    expect(left()).toBe(2);
    pass(CHECK_MS);
    expect(left()).toBe(0);
  });

  it('does not count what has to stay', () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      write('createTtl', { ...createOf(`/${name}`, CreateFlag.persistentWithTtl), ttlMs: 1 });
      if (name !== 'd') write('create', createOf(`/${name}/child`));
    }
    pass(CHECK_MS);
    expect(['/a', '/b', '/c', '/d'].map(isThere)).toEqual([true, true, true, false]);
  });

  it('leaves alone a plain znode that has taken the name', () => {
    write('createTtl', { ...createOf('/t', CreateFlag.persistentWithTtl), ttlMs: 1 });
    client.turn(client.frame('delete', deleteOf('/t')), client.frame('create', createOf('/t')));
    pass(CHECK_MS);
    client.heard();
    pass(CHECK_MS);
    expect(isThere('/t')).toBe(true);
  });
});
