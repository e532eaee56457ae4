/** What the catalog says to those who ask; the only file of it that other services import. */

/** The message that asks for all products. */
export const LIST_PRODUCTS = 'catalog.list';

/** A thing to buy. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  /** Before any discount, in cents. */
  readonly listPriceCents: number;
}

/** The answer, and which instance gave it. */
export interface ProductList {
  readonly products: readonly Product[];
  readonly servedBy: string;
}
