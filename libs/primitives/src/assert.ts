/** A broken invariant of Corral itself: a bug, never a client's fault and never the world's. The process must not go on. */
export class InvariantBrokenError extends Error {
  override readonly name = 'InvariantBrokenError';
}

/**
 * States what must hold here. Kept in production: a replica that has lost an invariant must stop before it spreads the damage.
 * @throws InvariantBrokenError with the sentence that no longer holds.
 */
export function assert(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new InvariantBrokenError(sentence);
}
