/** The demo is programs, not a library: `node apps/demo/dist/main.js`. */
export type { PriceList } from './pricing/pricing.js';
export type { ProductList } from './catalog/catalog.js';
