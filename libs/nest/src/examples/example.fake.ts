/** Starts the examples: a Nest application on an ensemble in memory, whose configuration the example releases. */
import 'reflect-metadata';
import type { Client } from '@corral/client';
import { TestEnsemble } from '@corral/client/testing';
import { type AcknowledgementReport, ConfigStore, type ConfigTree, type SubscriptionClock } from '@corral/live-config';
import { type INestApplicationContext, Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CorralModule } from '../corral.module.js';
import type { CorralUses } from '../corral-options.js';

/** A running example. */
export interface Example {
  readonly app: INestApplicationContext;
  /** The application's own client. */
  readonly client: Client;
  /** Another one, which sees what the ensemble holds. */
  readonly observer: Client;
  readonly ensemble: TestEnsemble;
  /** Publishes the values as one document, and waits for what the application makes of it. */
  release(values: ConfigTree): Promise<AcknowledgementReport>;
}

/** What an example is made of, beside the configuration that it finds when it starts. */
export interface ExampleParts extends ModuleMetadata {
  readonly values?: ConfigTree;
  readonly corral?: Omit<CorralUses, 'config'>;
  /** Where the application keeps a copy of its configuration. */
  readonly localCopy?: string;
  /** Whether the application is cut off from the ensemble when it starts. */
  readonly isAway?: boolean;
  /** Where it runs; a new ensemble when absent. */
  readonly ensemble?: TestEnsemble;
}

const TARGET = { namespace: 'shop', application: 'pricing' };
/** Nothing is spread over time, for one subscriber: an example moves time only where that is what it shows. */
const CONFIG = { ...TARGET, instanceId: 'pricing-1', ackSpreadMs: 0, debounceMs: 0, localCopyAfterMs: 0 };
const stops: (() => Promise<void>)[] = [];

/** Starts an application with `CorralModule.forRoot`, and with the providers and controllers of the example. */
export async function startExample(example: ExampleParts): Promise<Example> {
  const { values = {}, corral = {}, localCopy, isAway = false, ensemble = new TestEnsemble(), ...parts } = example;
  ensemble.automatic();
  const client = ensemble.client();
  if (isAway) ensemble.cut(client);
  const observer = ensemble.client();
  stops.unshift(async () => {
    await client.close();
    await observer.close();
    ensemble.stopAutomatic();
  });
  const store = new ConfigStore(observer, { author: 'example' });
  const release = async (tree: ConfigTree): Promise<AcknowledgementReport> => {
    const changes = [{ name: 'example', format: 'json', content: JSON.stringify(tree) }] as const;
    const { acknowledgement } = await store.publish(
      { scope: TARGET, changes },
      { wait: { share: 1, timeoutMs: 10_000 } },
    );
    if (acknowledgement === undefined) throw new Error('a release that was waited for has an acknowledgement');
    return acknowledgement;
  };
  await store.publish({
    scope: TARGET,
    changes: [{ name: 'example', format: 'json', content: JSON.stringify(values) }],
  });

  @Module({
    ...parts,
    imports: [
      CorralModule.forRoot({
        client,
        config: { ...CONFIG, clock: clockOf(ensemble), ...(localCopy === undefined ? {} : { localCopy }) },
        ...corral,
      }),
      ...(parts.imports ?? []),
    ],
  })
  class ExampleModule {}

  const app = await NestFactory.createApplicationContext(ExampleModule, { logger: false, abortOnError: false });
  stops.unshift(() => app.close());
  return { app, client, observer, ensemble, release };
}

/** The time of the ensemble, which passes when an example says so. */
function clockOf({ timers }: TestEnsemble): SubscriptionClock {
  return {
    nowMs: () => timers.nowMs(),
    after: (ms, callback) => {
      const timer = timers.setTimeout(callback, ms);
      return () => timers.clearTimeout(timer);
    },
  };
}

/** Stops everything that the examples of a file have started. */
export async function stopExamples(): Promise<void> {
  for (const stop of stops.splice(0)) await stop();
}
