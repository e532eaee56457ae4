import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Module, type Provider, Scope, type Type } from '@nestjs/common';
import { ContextIdFactory, DiscoveryModule, NestFactory } from '@nestjs/core';
import { IsInt } from 'class-validator';
import { ConfigExplorer } from './config-explorer.js';
import { ConfigService } from './config-service.js';
import { FakeConfigSource } from './config-source.fake.js';
import { ConfigValue } from './config-value.decorator.js';
import { OnConfigChange } from './on-config-change.decorator.js';
import { ConfigClass, typedConfig } from './typed-config.js';
import { TypedConfigs } from './typed-configs.js';

const first = { discount: { percent: 5 }, currency: 'EUR' };

/** A Nest application whose configuration the test publishes. */
async function start(providers: Provider[], controllers: Type[] = [], typed = new TypedConfigs([])) {
  const source = await FakeConfigSource.begin(first, typed);
  @Module({
    imports: [DiscoveryModule],
    providers: [
      { provide: ConfigService, useFactory: () => new ConfigService(source, typed) },
      ConfigExplorer,
      ...providers,
    ],
    controllers,
  })
  class Application {}
  return {
    source,
    app: await NestFactory.createApplicationContext(Application, { logger: false, abortOnError: false }),
  };
}

describe('@ConfigValue', () => {
  @Injectable()
  class Prices {
    @ConfigValue('discount.percent') readonly percent!: number;
    @ConfigValue('discount.label', { default: 'sale' }) readonly label!: string;
    @ConfigValue('discount.since') readonly since!: string;
  }

  @Controller()
  class SpecialPrices extends Prices {
    @ConfigValue('currency') readonly currency!: string;
  }

  it('keeps a property of a provider current', async () => {
    const { source, app } = await start([Prices]);
    const prices = app.get(Prices);
    expect([prices.percent, prices.label]).toEqual([5, 'sale']);
    await source.publish({ discount: { percent: 0, label: 'gone' } });
    expect([prices.percent, prices.label]).toEqual([0, 'gone']);
  });

  it('throws on reading what has neither a value nor a default', async () => {
    const { app } = await start([Prices]);
    expect(() => app.get(Prices).since).toThrow('no value at discount.since');
  });

  it('works on controllers and is inherited', async () => {
    const { app } = await start([Prices], [SpecialPrices]);
    const prices = app.get(SpecialPrices);
    expect([prices.percent, prices.currency]).toEqual([5, 'EUR']);
    expect('currency' in app.get(Prices)).toBe(false);
  });

  it.each([Scope.REQUEST, Scope.TRANSIENT])('works on instances of scope %s', async (scope) => {
    @Injectable({ scope })
    class Scoped {
      @ConfigValue('discount.percent') readonly percent!: number;
    }
    const { source, app } = await start([Scoped]);
    const scoped = await app.resolve(Scoped, ContextIdFactory.create());
    expect(scoped.percent).toBe(5);
    await source.publish({ discount: { percent: 6 } });
    expect(scoped.percent).toBe(6);
  });

  it('cannot be assigned to', async () => {
    const { app } = await start([Prices]);
    const prices: { percent: number } = app.get(Prices);
    expect(() => (prices.percent = 1)).toThrow(TypeError);
  });
});

describe('@OnConfigChange', () => {
  @ConfigClass('discount')
  class Discount {
    @IsInt() percent!: number;
  }

  @Injectable()
  class Listener {
    readonly calls: unknown[][] = [];
    @ConfigValue('currency') readonly currency!: string;

    @OnConfigChange('currency')
    onCurrency(value: string, previous: string): void {
      this.calls.push([value, previous, this.currency]);
    }

    @OnConfigChange(Discount)
    async onDiscount(value: Discount, previous: Discount): Promise<void> {
      this.calls.push([value.percent, previous.percent]);
      if (value.percent > 50) throw new Error('that is too generous');
    }
  }

  const declared = () => new TypedConfigs([typedConfig('discount', Discount)]);

  it('calls the methods whose part of the configuration has changed, when the new one is in force', async () => {
    const { source, app } = await start([Listener], [], declared());
    expect(await source.publish({ ...first, currency: 'USD' })).toBe('applied');
    expect(await source.publish({ ...first, currency: 'USD', other: 1 })).toBe('applied');
    expect(await source.publish({ discount: { percent: 9 }, currency: 'USD' })).toBe('applied');
    expect(app.get(Listener).calls).toEqual([
      ['USD', 'EUR', 'USD'],
      [9, 5],
    ]);
  });

  it('puts what a method throws into the acknowledgement, by its name, after the others have run', async () => {
    const { source, app } = await start([Listener], [], declared());
    const acknowledgement = await source.publish({ discount: { percent: 60 }, currency: 'USD' });
    expect(acknowledgement).toBe('ConfigHandlersFailedError: Listener.onDiscount: that is too generous');
    expect(app.get(Listener).calls).toContainEqual(['USD', 'EUR', 'USD']);
  });

  it('works on controllers, and once for an instance that has two tokens', async () => {
    const { source, app } = await start([{ provide: 'alias', useExisting: Listener }, Listener], [], declared());
    await source.publish({ ...first, currency: 'USD' });
    expect(app.get(Listener).calls).toHaveLength(1);
    class ListeningController extends Listener {}
    Controller()(ListeningController);
    const { source: other, app: web } = await start([], [ListeningController], declared());
    await other.publish({ ...first, currency: 'USD' });
    expect(web.get(ListeningController).calls).toHaveLength(1);
  });

  it.each([Scope.REQUEST, Scope.TRANSIENT])('refuses to start on a class of scope %s', async (scope) => {
    @Injectable({ scope })
    class Scoped {
      @OnConfigChange('currency') onCurrency(): void {}
    }
    await expect(start([Scoped])).rejects.toThrow('@OnConfigChange in Scoped');
  });
});
