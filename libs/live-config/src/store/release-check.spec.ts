/** An application and the defaults of its namespace are released at the same moment: what stands afterwards satisfies the schema. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@corral/client';
import { ConfigStage, intercept, SCOPE } from '../config-stage.fake.js';
import { ValidationError } from '../errors.js';
import { limits } from '../limits.js';
import type { ConfigStore } from './config-store.js';
import { thoseThatFit } from './reliance.js';
import type { ReleaseRequest } from './types.js';

const DEFAULTS = { namespace: 'shop' };
const NOT_BOTH = { not: { required: ['a', 'b'] } };
const yaml = (content: string, scope: ReleaseRequest['scope'] = SCOPE): ReleaseRequest => ({
  scope,
  changes: [{ name: 'main', format: 'yaml', content }],
});

let stage: ConfigStage;
let client: Client;
let store: ConfigStore;

beforeEach(async () => {
  stage = new ConfigStage();
  client = await stage.client();
  store = stage.store(client);
});

/** Lets the second be made after the first was checked and before it is written. Says how often the first was tried. */
async function overtake(
  first: (store: ConfigStore) => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<number> {
  let attempts = 0;
  const late = intercept(client, 'multi', async (multi) => {
    attempts += 1;
    if (attempts === 1) await second();
    return multi();
  });
  await stage.run(first(stage.store(late)));
  return attempts;
}

const effective = async (): Promise<unknown> => (await stage.run(store.effective(SCOPE))).values;

describe('of two releases at the same moment the second is checked against the first', () => {
  it('an application after defaults', async () => {
    await stage.run(store.publish(yaml('c: 1\n', DEFAULTS)));
    await stage.run(store.setSchema(SCOPE, '*', NOT_BOTH));
    const refused = overtake(
      (late) => late.publish(yaml('a: 1\n')),
      () => store.publish(yaml('b: 1\n', DEFAULTS)),
    );
    await expect(refused).rejects.toThrow(ValidationError);
    expect(await effective()).toEqual({ b: 1 });
  });

  it('an application after defaults that were not there yet', async () => {
    await stage.run(store.publish(yaml('a: 1\n')));
    const refused = overtake(
      (late) => late.setSchema(SCOPE, '*', NOT_BOTH),
      () => store.publish(yaml('b: 1\n', DEFAULTS)),
    );
    await expect(refused).rejects.toThrow(ValidationError);
  });

  it('defaults after an application that has a schema', async () => {
    await stage.run(store.setSchema(SCOPE, '*', NOT_BOTH));
    const refused = overtake(
      (late) => late.publish(yaml('b: 1\n', DEFAULTS)),
      () => store.publish(yaml('a: 1\n')),
    );
    await expect(refused).rejects.toThrow(ValidationError);
    expect(await effective()).toEqual({ a: 1 });
  });

  it('defaults after an application that gets its schema just then', async () => {
    await stage.run(store.publish(yaml('c: 1\n', DEFAULTS)));
    await stage.run(store.publish(yaml('a: 1\n')));
    const refused = overtake(
      (late) => late.publish(yaml('b: 1\n', DEFAULTS)),
      () => store.setSchema(SCOPE, '*', NOT_BOTH),
    );
    await expect(refused).rejects.toThrow(ValidationError);
  });

  it('defaults after an application that was not there yet', async () => {
    await stage.run(store.publish(yaml('c: 1\n', DEFAULTS)));
    const refused = overtake(
      (late) => late.publish(yaml('b: 1\n', DEFAULTS)),
      () => store.setSchema(SCOPE, '*', { not: { required: ['b'] } }),
    );
    await expect(refused).rejects.toThrow(ValidationError);
  });

  it('and is made where both together are valid', async () => {
    await stage.run(store.setSchema(SCOPE, '*', NOT_BOTH));
    await overtake(
      (late) => late.publish(yaml('a: 1\n')),
      () => store.publish(yaml('c: 1\n', DEFAULTS)),
    );
    await overtake(
      (late) => late.publish(yaml('c: 2\n', DEFAULTS)),
      () => store.publish(yaml('a: 2\n')),
    );
    expect(await effective()).toEqual({ a: 2, c: 2 });
  });
});

it('an application without a schema does not mind what happens to the defaults', async () => {
  await stage.run(store.publish(yaml('a: 1\n')));
  const attempts = await overtake(
    (late) => late.publish(yaml('a: 2\n')),
    () => store.publish(yaml('b: 1\n', DEFAULTS)),
  );
  expect(attempts).toBe(1);
});

it('leaves unguarded what does not fit into a request, the last first', () => {
  const relied = Array.from({ length: limits.reliedBytesMax }, (_, i) => ({ path: `/${i}/current`, version: 1 }));
  const fit = thoseThatFit(relied);
  expect(fit).toEqual(relied.slice(0, fit.length));
  expect(fit.map(({ path }) => path).join('').length).toBeLessThanOrEqual(limits.reliedBytesMax);
});
