/** Example: `@OnConfigChange` calls a method after a release that changed its part of the configuration. */
import { afterEach, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { OnConfigChange } from '../config/on-config-change.decorator.js';
import { startExample, stopExamples } from './example.fake.js';

@Injectable()
class ConnectionPool {
  readonly log: string[] = [];

  @OnConfigChange('database.poolSize')
  async resize(now: number, before: number): Promise<void> {
    if (now > 100) throw new Error(`the database takes 100 connections, not ${now}`);
    this.log.push(`resized from ${before} to ${now}`);
  }
}

afterEach(stopExamples);

it('the method is told of the new value and the old one, and of nothing else', async () => {
  const { app, release } = await startExample({
    values: { database: { poolSize: 10 } },
    providers: [ConnectionPool],
  });
  await release({ database: { poolSize: 20 } });
  await release({ database: { poolSize: 20 }, currency: 'EUR' });
  expect(app.get(ConnectionPool).log).toEqual(['resized from 10 to 20']);
});

it('whoever publishes is told what went wrong', async () => {
  const { release } = await startExample({ values: { database: { poolSize: 10 } }, providers: [ConnectionPool] });
  const { failed } = await release({ database: { poolSize: 500 } });
  expect(failed).toEqual([
    {
      instanceId: 'pricing-1',
      error: expect.stringContaining('ConnectionPool.resize: the database takes 100 connections, not 500'),
    },
  ]);
});
