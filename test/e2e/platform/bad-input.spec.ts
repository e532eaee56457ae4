/** Bad input gets 400 with the field, and nothing is stored. What each field must not be is tried beside the code; here is what happens to the whole request. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCorral } from '../../interop/harness/index.js';
import { HttpApi } from './http-api.js';
import { Stage } from './stage.js';

const APP = '/v1/config/namespaces/shop/applications/app';
const change = { name: 'a', format: 'yaml', content: 'x: 1' };

/** Method, path, body, and the field that is named. */
type Case = readonly [string, string, unknown, string];

const cases: readonly Case[] = [
  ['POST', `${APP}/releases`, {}, 'changes'],
  ['POST', `${APP}/releases`, [], 'body'],
  ['POST', `${APP}/releases`, { changes: 'all' }, 'changes'],
  ['POST', `${APP}/releases`, { changes: [] }, 'changes'],
  ['POST', `${APP}/releases`, { changes: [null] }, 'changes'],
  [
    'POST',
    `${APP}/releases`,
    { changes: Array.from({ length: 201 }, (_, i) => ({ ...change, name: `n${i}` })) },
    'changes',
  ],
  ['POST', `${APP}/releases`, { changes: [change, { ...change, name: '../../zookeeper' }] }, 'changes[1].name'],
  ['POST', `${APP}/releases`, { changes: [{ ...change, name: 'a\0b' }] }, 'changes[0].name'],
  ['POST', `${APP}/releases`, { changes: [{ ...change, name: 'n'.repeat(129) }] }, 'changes[0].name'],
  ['POST', `${APP}/releases`, { changes: [{ ...change, profile: '..' }] }, 'changes[0].profile'],
  ['POST', `${APP}/releases`, { changes: [{ ...change, format: 'xml' }] }, 'changes[0].format'],
  ['POST', `${APP}/releases`, { changes: [{ ...change, content: { x: 1 } }] }, 'changes[0].content'],
  ['POST', `${APP}/releases`, { changes: [{ ...change, content: 'a\0b' }] }, 'changes[0].content'],
  ['POST', `${APP}/releases`, { changes: [change], unknown: 1 }, 'unknown'],
  [
    'POST',
    `${APP}/releases`,
    '{"changes":[{"name":"a","format":"yaml","content":"","__proto__":{"x":1}}]}',
    'changes[0].__proto__',
  ],
  ['POST', `${APP}/releases`, { changes: [change], author: 5 }, 'author'],
  ['POST', `${APP}/releases`, { changes: [change], expectedRelease: '1' }, 'expectedRelease'],
  ['POST', `${APP}/releases`, { changes: [change], wait: { share: 2, timeoutMs: 1 } }, 'wait.share'],
  [
    'POST',
    `${APP}/releases`,
    { changes: [change], rollout: { stages: [{ select: {}, soakMs: 0 }] } },
    'rollout.stages[0].select.',
  ],
  [
    'POST',
    `${APP}/releases`,
    { changes: [change], rollout: { stages: [{ select: { percent: 0 }, soakMs: 0 }] } },
    'rollout.stages[0].select.percent',
  ],
  ['POST', `${APP.replace('shop', '..')}/releases`, { changes: [change] }, 'namespace'],
  ['POST', `${APP.replace('shop', '%2e%2e%2fzookeeper')}/releases`, { changes: [change] }, 'namespace'],
  ['POST', `${APP.replace('shop', 'a%00b')}/releases`, { changes: [change] }, 'namespace'],
  ['POST', `${APP.replace(/app$/, '_other')}/releases`, { changes: [change] }, 'application'],
  ['POST', `${APP}/releases/first/rollback`, {}, 'release'],
  ['POST', `${APP}/releases/1/rollback`, { comment: 5 }, 'comment'],
  ['POST', `${APP}/rollout/abort`, {}, 'reason'],
  ['PUT', `${APP}/schemas/a`, { schema: 'object' }, 'schema'],
  ['PUT', `${APP}/schemas/..%2fx`, { schema: {} }, 'name'],
  ['GET', `${APP}/effective?profiles=a,../b`, undefined, 'query.profiles'],
  ['GET', `${APP}/effective?labels=zone`, undefined, 'query.labels'],
  ['GET', `${APP}/effective?wait=soon`, undefined, 'query.wait'],
  ['GET', `${APP}/effective?index=1&index=2`, undefined, 'query.index'],
  ['GET', `${APP}/documents?release=latest`, undefined, 'query.release'],
  ['GET', `${APP}/releases?limit=0`, undefined, 'query.limit'],
  ['GET', `${APP}/releases?limit=1&secret=1`, undefined, 'query.secret'],
  ['GET', `${APP}/diff?from=1`, undefined, 'query.to'],
];

describe('bad input', () => {
  let stage: Stage;
  let api: HttpApi;
  let before: Record<string, number>;

  beforeAll(async () => {
    stage = new Stage(await startCorral());
    api = new HttpApi((await stage.startPlatform()).url);
    await api.send('POST', `${APP}/releases`, { changes: [change] });
    before = await stage.everything('/corral/config');
  }, 60_000);

  afterAll(() => stage?.stop());

  it.each(cases)('%s %s %j', async (method, path, body, field) => {
    // Through node:http paths go as they are; fetch would take the dots out, so they are encoded.
    const answer = await api.send(method, path.replace('/../', '/%2e%2e%2f/'), body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
    expect(answer.body.errors[0].field).toContain(field);
  });

  it('has stored nothing', async () => {
    expect(await stage.everything('/corral/config')).toEqual(before);
  });
});
