/** The judge itself: each kind of damage that a crash could do must be seen. */
import { describe, expect, it } from '@jest/globals';
import type { Action } from './actions.js';
import { ExpectedTree } from './expected-tree.js';
import type { ObservedNode, ObservedTree } from './observed-tree.js';
import { judge, type Found, type Witness } from './verify.js';

const SESSION = 7n;

function node(data: string, more: Partial<ObservedNode['stat']> = {}): ObservedNode {
  const stat = { czxid: 1n, mzxid: 1n, version: 0, cversion: 0, ephemeralOwner: 0n, numChildren: 0, ...more };
  return { data, stat };
}

function found(nodes: Record<string, ObservedNode>, sequential: Record<string, ObservedNode> = {}): Found {
  const tree: ObservedTree = { nodes: new Map(Object.entries(nodes)), sequential: new Map(Object.entries(sequential)) };
  return { tree, sessionOpen: true };
}

function witness(answered: readonly Action[], unanswered: readonly Action[] = []): Witness {
  const ahead = new ExpectedTree();
  const history = [...answered, ...unanswered].map((action, i) => {
    const expectedCode = ahead.apply(action);
    return { action, expectedCode, told: i < answered.length ? {} : undefined };
  });
  return { base: '/b', sessionId: SESSION, history, answeredCount: answered.length };
}

const make = (path: string, ephemeral = false) => ({ kind: 'create', path, data: `of ${path}`, ephemeral }) as const;
const change = (path: string, data: string, version = -1) => ({ kind: 'set', path, data, version }) as const;

describe('the judge of the crash test', () => {
  it('accepts every beginning from the answered requests on', () => {
    const w = witness([make('/a')], [change('/a', 'new'), make('/b')]);
    expect(judge(w, found({ '/a': node('of /a') }))).toMatchObject({ ok: true, keptCount: 1 });
    expect(judge(w, found({ '/a': node('new', { version: 1 }) }))).toMatchObject({ ok: true, keptCount: 2 });
    const all = found({ '/a': node('new', { version: 1 }), '/b': node('of /b') });
    expect(judge(w, all)).toMatchObject({ ok: true, keptCount: 3 });
  });

  it.each<[string, Witness, Found]>([
    ['a lost acknowledged create', witness([make('/a')]), found({})],
    ['a lost acknowledged set', witness([make('/a'), change('/a', 'new')]), found({ '/a': node('of /a') })],
    [
      'a lost version',
      witness([make('/a'), change('/a', 'x'), change('/a', 'of /a')]),
      found({ '/a': node('of /a', { version: 1 }) }),
    ],
    ['an effect of a refused set', witness([make('/a'), change('/a', 'no', 9)]), found({ '/a': node('no') })],
    ['a znode that nobody made', witness([make('/a')]), found({ '/a': node('of /a'), '/b': node('of /b') })],
    [
      'an undone delete',
      witness([make('/a'), { kind: 'delete', path: '/a', version: -1 }]),
      found({ '/a': node('of /a') }),
    ],
    [
      'half of an unanswered multi',
      witness([], [{ kind: 'multi', parts: [make('/a'), make('/b')] }]),
      found({ '/a': node('of /a') }),
    ],
    ['a later request without an earlier one', witness([], [make('/a'), make('/b')]), found({ '/b': node('of /b') })],
    ['an ephemeral without its owner', witness([make('/e', true)]), found({ '/e': node('of /e') })],
    ['a forgotten session', witness([]), { ...found({}), sessionOpen: false }],
    [
      'sequence numbers out of order',
      witness([
        { kind: 'create-sequential', parent: '/q', data: 'first' },
        { kind: 'create-sequential', parent: '/q', data: 'second' },
      ]),
      found({}, { '/q/s-0000000001': node('first'), '/q/s-0000000000': node('second') }),
    ],
  ])('sees %s', (_title, w, seen) => {
    expect(judge(w, seen).ok).toBe(false);
  });

  it('sees a change whose zxid is not the one that was answered', () => {
    const history = [{ action: make('/a'), expectedCode: 0, told: { zxid: 5n } }];
    const w = { base: '/b', sessionId: SESSION, history, answeredCount: 1 };
    expect(judge(w, found({ '/a': node('of /a', { mzxid: 5n }) })).ok).toBe(true);
    expect(judge(w, found({ '/a': node('of /a', { mzxid: 6n }) })).ok).toBe(false);
  });
});
