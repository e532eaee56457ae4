/** Example: `@ConfigValue` keeps a property current. */
import { afterEach, expect, it } from '@jest/globals';
import { Controller, Injectable } from '@nestjs/common';
import { ConfigValue } from '../config/config-value.decorator.js';
import { startExample, stopExamples } from './example.fake.js';

@Injectable()
class Prices {
  @ConfigValue('discount.percent', { default: 0 })
  readonly discountPercent!: number;

  priceOf(listPriceCents: number): number {
    return Math.round((listPriceCents * (100 - this.discountPercent)) / 100);
  }
}

@Controller()
class PriceTag {
  @ConfigValue('currency')
  readonly currency!: string;
}

afterEach(stopExamples);

it('a provider computes with the value of the present release', async () => {
  const { app, release } = await startExample({ providers: [Prices] });
  const prices = app.get(Prices);
  expect(prices.priceOf(1000)).toBe(1000);

  await release({ discount: { percent: 20 } });
  expect(prices.priceOf(1000)).toBe(800);

  await release({});
  expect(prices.priceOf(1000)).toBe(1000);
});

it('a controller may have such properties too', async () => {
  const { app, release } = await startExample({ values: { currency: 'EUR' }, controllers: [PriceTag] });
  expect(app.get(PriceTag).currency).toBe('EUR');

  await release({ currency: 'USD' });
  expect(app.get(PriceTag).currency).toBe('USD');
});
