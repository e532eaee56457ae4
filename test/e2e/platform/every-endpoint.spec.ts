/** Bad requests to every endpoint that the OpenAPI document names: each is told what is wrong, and the platform goes on. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCorral } from '../../interop/harness/index.js';
import { type Answer, type Body, HttpApi } from './http-api.js';
import type { PlatformProcess } from './platform-process.js';
import { Stage } from './stage.js';

const BODY_BYTES_MAX = 65_536;

/** A parameter of an operation, as far as it matters here. */
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
}

/** An endpoint of the document. */
interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly hasBody: boolean;
}

function operationsOf(document: Body): Operation[] {
  return Object.entries(document.paths as Record<string, Record<string, Body>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters: parameters as Parameter[],
      hasBody: requestBody !== undefined,
    })),
  );
}

/** The path with right values that nothing is known by, but for one parameter. */
function pathOf({ path }: Operation, name?: string, value = ''): string {
  return path.replace(/\{(\w+)\}/g, (_all, each: string) => {
    if (each === name) return value;
    return each === 'release' ? '7' : 'unknown';
  });
}

describe('every endpoint', () => {
  let stage: Stage;
  let platform: PlatformProcess;
  let api: HttpApi;
  let operations: readonly Operation[];
  let before: Record<string, number>;

  beforeAll(async () => {
    stage = new Stage(await startCorral());
    platform = await stage.startPlatform({ CORRAL_PLATFORM_LIMITS_BODY_BYTES_MAX: `${BODY_BYTES_MAX}` });
    api = new HttpApi(platform.url);
    operations = operationsOf((await api.get('/openapi.json')).body);
    before = await stage.everythingAtRest();
  }, 60_000);

  afterAll(() => stage?.stop());

  /** Sends a request to every operation that there is one for, and gives those that were not answered as they should be. */
  async function wrongAnswers(
    request: (operation: Operation) => readonly (() => Promise<Answer>)[],
    isRight: (answer: Answer) => boolean,
  ): Promise<{ readonly asked: number; readonly wrong: readonly string[] }> {
    const asked = operations.flatMap((operation) => request(operation).map((send) => ({ operation, send })));
    const wrong = await Promise.all(
      asked.map(async ({ operation: { method, path }, send }) => {
        const answer = await send();
        return isRight(answer)
          ? []
          : [`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`];
      }),
    );
    return { asked: asked.length, wrong: wrong.flat() };
  }

  const isProblem = ({ status, headers, body }: Answer, expected: number, field?: string): boolean =>
    status === expected &&
    headers.get('Content-Type')?.includes('application/problem+json') === true &&
    typeof body.detail === 'string' &&
    (field === undefined || (body.errors as { field: string }[])?.[0]?.field === field);

  it('is in the document', () => {
    expect(operations.length).toBeGreaterThan(30);
  });

  it.each(['..%2Fx', 'a%00b', 'n'.repeat(300)])('refuses %s in each place of its path', async (value) => {
    const { asked, wrong } = await wrongAnswers(
      (operation) =>
        operation.parameters
          .filter((parameter) => parameter.in === 'path')
          .map(
            ({ name }) =>
              () =>
                api.send(operation.method, pathOf(operation, name, value), operation.hasBody ? {} : undefined),
          ),
      // The names in the path are looked at before the body, or after: both are named.
      ({ status, body }) => status === 400 && (body.errors as unknown[]).length > 0,
    );
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(40);
  });

  it.each([
    ['no JSON', '{"a": ', 400, 'body'],
    ['a list', '[]', 400, 'body'],
    ['null', 'null', 400, 'body'],
    ['too much', JSON.stringify({ x: 'x'.repeat(BODY_BYTES_MAX) }), 413, 'body'],
  ])('refuses a body that is %s', async (_what, text, status, field) => {
    const { asked, wrong } = await wrongAnswers(
      (operation) => (operation.hasBody ? [() => api.send(operation.method, pathOf(operation), text)] : []),
      (answer) => isProblem(answer, status, field),
    );
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(6);
  });

  it('refuses fields and parameters that do not exist', async () => {
    const inBody = await wrongAnswers(
      (operation) => (operation.hasBody ? [() => api.send(operation.method, pathOf(operation), { secret: 1 })] : []),
      (answer) => isProblem(answer, 400, 'secret') || /secret does not exist/.test(String(answer.body.detail)),
    );
    const inQuery = await wrongAnswers(
      (operation) =>
        operation.parameters.some((parameter) => parameter.in === 'query')
          ? [() => api.send(operation.method, `${pathOf(operation)}?secret=1`)]
          : [],
      ({ status, body }) => status === 400 && /query\.secret does not exist/.test(String(body.detail)),
    );
    expect([...inBody.wrong, ...inQuery.wrong]).toEqual([]);
  });

  it('refuses bodies of another type', async () => {
    const { wrong } = await wrongAnswers(
      (operation) =>
        operation.hasBody
          ? [() => api.send(operation.method, pathOf(operation), 'a=1', { 'Content-Type': 'text/plain' })]
          : [],
      (answer) => isProblem(answer, 415),
    );
    expect(wrong).toEqual([]);
  });

  it('answers for what there is not, and takes no other method', async () => {
    const unknown = await wrongAnswers(
      // Streams and metrics are no answers that end, or no JSON.
      (operation) =>
        operation.path.endsWith('/watch')
          ? []
          : [() => api.send(operation.method, pathOf(operation), operation.hasBody ? {} : undefined)],
      ({ status, body }) => status < 500 && (status < 400 || typeof body.detail === 'string'),
    );
    const method = await wrongAnswers(
      (operation) => [() => api.send('REPORT', pathOf(operation))],
      (answer) => answer.status === 405 && answer.headers.get('Allow') !== null,
    );
    expect([...unknown.wrong, ...method.wrong]).toEqual([]);
  });

  it('has met no bug, has stored nothing, and goes on', async () => {
    expect((await api.get('/health/live')).status).toBe(200);
    expect(platform.output).not.toContain('a bug failed');
    expect(await stage.everything('/')).toEqual(before);
  });
});
