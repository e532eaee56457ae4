import type { EffectiveConfig } from '../documents.js';

/** A check of one's own: what one combination of profiles would see goes in, what is wrong with it comes out. */
export type ConfigValidator = (
  config: EffectiveConfig,
  profiles: readonly string[],
) => readonly { readonly document?: string; readonly path: string; readonly message: string }[];
