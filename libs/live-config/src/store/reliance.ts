import { type MultiOperation, ops } from '../ensemble/ops.js';
import { limits } from '../limits.js';

/** A znode outside a release's own scope that its check relied on, and the version that was read; none while it was absent. */
export interface Reliance {
  readonly path: string;
  readonly version: number | undefined;
}

/**
 * What makes a multi fail when the znode is no longer as it was read. No operation checks that a znode is absent, so an absent pointer
 * is created without data, which says the same; from then on it has a version to check.
 */
export function guardOf({ path, version }: Reliance): MultiOperation {
  return version === undefined ? ops.create(path) : ops.check(path, version);
}

/** As many as fit into the request beside the release itself, first come first. What is over the bound is left unguarded. */
export function thoseThatFit(relied: readonly Reliance[]): readonly Reliance[] {
  let bytesLeft = limits.reliedBytesMax;
  return relied.filter(({ path }) => {
    bytesLeft -= path.length;
    return bytesLeft >= 0;
  });
}
