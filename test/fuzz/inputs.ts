/** How many inputs, and from which seed. */
import { chaosSeed } from '../chaos/support/seed.js';

const FACTOR = Number(process.env['FUZZ_FACTOR'] ?? '1');

/** A number of inputs, multiplied by FUZZ_FACTOR for a longer search. */
export function inputs(count: number): number {
  return Math.ceil(count * FACTOR);
}

/** The seed of FUZZ_SEED, or a fresh one. */
export function fuzzSeed(): number {
  const given = process.env['FUZZ_SEED'];
  return given === undefined ? chaosSeed() : Number(given) >>> 0;
}
