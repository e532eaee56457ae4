/** What pricing says to those who ask; the only file of it that other services import. */

/** The message that asks what products cost. */
export const PRICE = 'pricing.price';

/** List prices in cents, by product. */
export type PriceRequest = Readonly<Record<string, number>>;

/** Prices, and why they are so. */
export interface PriceList {
  /** In cents, by product. */
  readonly prices: Readonly<Record<string, number>>;
  readonly discountPercent: number;
  readonly label: string;
  /** The release of the configuration that the prices were made with. */
  readonly release: number;
  /** Whether there may be a newer release that pricing cannot see. */
  readonly isStale: boolean;
  readonly servedBy: string;
}
