import { CorralHealthIndicator, CorralModule } from '@corral/nest';
import { Controller, Get, Inject, Module } from '@nestjs/common';
import { ClientProxy } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { LIST_PRODUCTS, type ProductList } from '../catalog/catalog.js';
import { PRICE, type PriceList, type PriceRequest } from '../pricing/pricing.js';
import { corralOptions } from '../settings.js';

const CATALOG = Symbol('catalog');
const PRICING = Symbol('pricing');

/** What a customer sees. */
@Controller()
class StorefrontController {
  constructor(
    // Ordinary Nest clients; which instance a message goes to is decided for every message, by the registry.
    @Inject(CATALOG) private readonly catalog: ClientProxy,
    @Inject(PRICING) private readonly pricing: ClientProxy,
    private readonly corral: CorralHealthIndicator,
  ) {}

  @Get('products')
  async products() {
    const { products, servedBy } = await firstValueFrom(this.catalog.send<ProductList>(LIST_PRODUCTS, {}));
    const request: PriceRequest = Object.fromEntries(products.map(({ sku, listPriceCents }) => [sku, listPriceCents]));
    const { prices, ...why } = await firstValueFrom(this.pricing.send<PriceList>(PRICE, request));
    return {
      products: products.map(({ sku, name }) => ({ sku, name, priceCents: prices[sku] })),
      catalog: { servedBy },
      pricing: why,
    };
  }

  @Get('health')
  health() {
    return this.corral.check();
  }
}

/** A service that uses others, wherever they are. */
@Module({
  imports: [
    CorralModule.forRoot({ ...corralOptions(), registerService: { name: 'storefront', version: '1.0' } }),
    CorralModule.forClients([
      { provide: CATALOG, service: 'catalog', strategy: 'round-robin', timeoutMs: 2000 },
      { provide: PRICING, service: 'pricing', strategy: 'round-robin', timeoutMs: 2000 },
    ]),
  ],
  controllers: [StorefrontController],
})
export class StorefrontModule {}
