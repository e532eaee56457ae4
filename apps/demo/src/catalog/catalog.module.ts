import { CorralModule } from '@corral/nest';
import { Controller, Module } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { corralOptions } from '../settings.js';
import { LIST_PRODUCTS, type ProductList } from './catalog.js';

const PRODUCTS = [
  { sku: 'saddle', name: 'Saddle', listPriceCents: 24_900 },
  { sku: 'lasso', name: 'Lasso', listPriceCents: 3_500 },
  { sku: 'hat', name: 'Hat', listPriceCents: 7_200 },
];

/** Knows what can be bought. */
@Controller()
class CatalogController {
  @MessagePattern(LIST_PRODUCTS)
  list(): ProductList {
    return { products: PRODUCTS, servedBy: `catalog ${process.pid}` };
  }
}

/** A service in its simplest form: it registers itself, and answers. */
@Module({
  imports: [CorralModule.forRoot({ ...corralOptions(), registerService: { name: 'catalog', version: '1.0' } })],
  controllers: [CatalogController],
})
export class CatalogModule {}
