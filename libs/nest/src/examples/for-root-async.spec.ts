/** Example: the options come from somewhere else in the application. */
import 'reflect-metadata';
import { TestEnsemble } from '@corral/client/testing';
import { expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigService } from '../config/config-service.js';
import { CorralModule } from '../corral.module.js';

const ensemble = new TestEnsemble();
ensemble.automatic();

@Injectable()
class Environment {
  readonly namespace = 'shop';
  // A program of its own would say `connect: 'host:2181'` instead.
  readonly client = ensemble.client();
}

@Module({ providers: [Environment], exports: [Environment] })
class EnvironmentModule {}

@Module({
  imports: [
    CorralModule.forRootAsync({
      imports: [EnvironmentModule],
      inject: [Environment],
      useFactory: ({ client, namespace }: Environment) => ({ client, config: { namespace, application: 'pricing' } }),
    }),
  ],
})
class PricingModule {}

it('works like forRoot', async () => {
  const app = await NestFactory.createApplicationContext(PricingModule, { logger: false, abortOnError: false });
  expect(app.get(ConfigService).release).toBe(0);
  await app.close();
  await app.get(Environment).client.close();
  ensemble.stopAutomatic();
});
