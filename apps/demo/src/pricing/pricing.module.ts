import { ConfigService, CorralModule, OnConfigChange } from '@corral/nest';
import { Controller, Logger, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { corralOptions, NAMESPACE, settings } from '../settings.js';
import { DiscountConfig } from './discount.config.js';
import { PRICE, type PriceList, type PriceRequest } from './pricing.js';

/** Knows what things cost, today. */
@Controller()
class PricingController {
  readonly #log = new Logger('Pricing');

  constructor(
    // Not a copy: its fields are those of the present release, all of them of the same one.
    private readonly discount: DiscountConfig,
    private readonly config: ConfigService,
  ) {}

  @MessagePattern(PRICE)
  price(@Payload() listPrices: PriceRequest): PriceList {
    const factor = (100 - this.discount.percent) / 100;
    const prices = Object.entries(listPrices).map(([sku, cents]) => [sku, Math.round(cents * factor)]);
    return {
      prices: Object.fromEntries(prices) as Record<string, number>,
      discountPercent: this.discount.percent,
      label: this.discount.label,
      release: this.config.release,
      isStale: this.config.isStale,
      servedBy: `pricing ${process.pid}`,
    };
  }

  @OnConfigChange(DiscountConfig)
  onDiscount(now: DiscountConfig, before: DiscountConfig): void {
    this.#log.log(`discount ${before.percent} % -> ${now.percent} % (${now.label}), release ${this.config.release}`);
  }
}

/** A service whose behaviour is configuration: it changes while it runs. */
@Module({
  imports: [
    CorralModule.forRoot({
      ...corralOptions(),
      registerService: { name: 'pricing', version: '1.0' },
      config: {
        namespace: NAMESPACE,
        application: 'pricing',
        ...(settings.directory === undefined ? {} : { localCopy: `${settings.directory}/pricing-config.json` }),
      },
    }),
    CorralModule.forFeature([DiscountConfig]),
  ],
  controllers: [PricingController],
})
export class PricingModule {}
