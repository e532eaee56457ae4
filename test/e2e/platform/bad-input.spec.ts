/** Bad input gets 400 with the field, and nothing is stored. What each field must not be is tried beside the code; here is what happens to the whole request. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCorral } from '../../interop/harness/index.js';
import { type EventReader, HttpApi } from './http-api.js';
import { Stage } from './stage.js';

const WEB = '/v1/registry/services/web/instances';
const instance = { id: 'w1', address: '10.0.0.1', port: 80 };
const APP = '/v1/config/namespaces/shop/applications/app';
const NOWHERE = '/v1/config/namespaces/nowhere/applications/app';
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
  ['POST', '/v1/config/namespaces/shop/spring/import', { applications: ['../x'] }, 'applications'],
  ['POST', WEB, {}, 'address'],
  ['POST', WEB, { ...instance, address: 5 }, 'address'],
  ['POST', WEB, { ...instance, id: '../../zookeeper' }, 'id'],
  ['POST', WEB, { ...instance, id: 'a\0b' }, 'id'],
  ['POST', WEB, { ...instance, port: 0 }, 'port'],
  ['POST', WEB, { ...instance, port: '80' }, 'port'],
  ['POST', WEB, { ...instance, weight: -1 }, 'weight'],
  ['POST', WEB, { ...instance, status: 'SLEEPING' }, 'status'],
  ['POST', WEB, { ...instance, ttlMs: 1 }, 'ttlMs'],
  ['POST', WEB, { ...instance, zone: 'z'.repeat(2000) }, 'zone'],
  ['POST', WEB, { ...instance, metadata: { a: 1 } }, 'metadata'],
  ['POST', WEB, { ...instance, metadata: ['a'] }, 'metadata'],
  ['POST', WEB, { ...instance, check: { kind: 'ping' } }, 'check.kind'],
  ['POST', WEB, { ...instance, check: { kind: 'http', intervalMs: 1 } }, 'check.intervalMs'],
  ['POST', WEB, { ...instance, secret: 1 }, 'secret'],
  ['POST', WEB, '{"id":"w1","address":"a","__proto__":{"port":1}}', '__proto__'],
  ['POST', WEB.replace('web', '..'), instance, 'service'],
  ['POST', WEB.replace('web', 'a%00b'), instance, 'service'],
  ['PATCH', `${WEB}/there`, { port: -1 }, 'port'],
  ['PATCH', `${WEB}/there`, { id: 'other' }, 'id'],
  ['PATCH', `${WEB}/..%2fx`, { port: 1 }, 'id'],
  ['PUT', `${WEB}/a%00b/heartbeat`, undefined, 'id'],
  ['POST', `${WEB}/there/drain`, { graceMs: -1 }, 'graceMs'],
  ['DELETE', `${WEB}/..%2f..%2fzookeeper`, undefined, 'id'],
];

/** Method, path, body and status of requests to what there is not: they are refused for another reason than their input. */
const refusals: readonly (readonly [string, string, unknown, number])[] = [
  ['POST', `${NOWHERE}/releases`, { changes: [{ name: 'a', delete: true }] }, 404],
  ['POST', `${NOWHERE}/releases`, { changes: [change], expectedRelease: 3 }, 409],
  ['POST', `${NOWHERE}/releases`, { changes: [{ ...change, content: 'x: [' }] }, 422],
  ['POST', `${NOWHERE}/releases`, { changes: [change], rollout: { stages: largeStages() } }, 413],
  ['POST', `${NOWHERE}/releases/3/rollback`, {}, 404],
  ['POST', `${NOWHERE}/rollout/promote`, undefined, 404],
  ['DELETE', `${NOWHERE}/schemas/a`, undefined, 404],
  ['POST', `${NOWHERE}/subscribers/i/acknowledgement`, { revision: '0.0' }, 404],
  ['GET', `${NOWHERE}/watch?acknowledge=true&instance=i`, undefined, 429],
  ['GET', `${NOWHERE}/effective?acknowledge=true&instance=i&index=0.0&wait=1s`, undefined, 429],
  ['POST', WEB, { ...instance, id: 'there' }, 409],
  ['PUT', WEB.replace('web', 'nowhere') + '/i/heartbeat', undefined, 404],
  ['PATCH', WEB.replace('web', 'nowhere') + '/i', { port: 1 }, 404],
  ['DELETE', WEB.replace('web', 'nowhere') + '/i', undefined, 404],
];

/** More than fits into a znode. */
function largeStages(): object[] {
  const values = Array<string>(100).fill('v'.repeat(128));
  const labels = Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`label${i}`, values]));
  return [1, 2, 3].map(() => ({ select: { labels }, soakMs: 0 }));
}

describe('bad input', () => {
  let stage: Stage;
  let api: HttpApi;
  let held: EventReader;
  let before: Record<string, number>;

  beforeAll(async () => {
    stage = new Stage(await startCorral());
    api = new HttpApi((await stage.startPlatform({ CORRAL_PLATFORM_LIMITS_STREAMS_MAX: '1' })).url);
    await api.send('POST', `${APP}/releases`, { changes: [change] });
    await api.send('POST', WEB, { ...instance, id: 'there', ttlMs: 600_000 });
    // The one stream that there may be.
    held = await api.events('/v1/registry/services/web/watch');
    before = await stage.everythingAtRest();
  }, 60_000);

  afterAll(async () => {
    held?.close();
    await stage?.stop();
  });

  it.each(cases)('%s %s %j', async (method, path, body, field) => {
    // Through node:http paths go as they are; fetch would take the dots out, so they are encoded.
    const answer = await api.send(method, path.replace('/../', '/%2e%2e%2f/'), body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
    expect(answer.body.errors[0].field).toContain(field);
  });

  it.each(refusals)('%s %s to what is not there', async (method, path, body, status) => {
    expect((await api.send(method, path, body)).status).toBe(status);
  });

  it('has stored nothing, not even an empty znode', async () => {
    expect(await stage.everything('/')).toEqual(before);
  });
});
