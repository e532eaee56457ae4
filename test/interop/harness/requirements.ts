/** Decides whether a suite that needs foreign programs runs, is skipped with a message, or must fail. */
import { describe, it } from '@jest/globals';
import { whyNoApache } from './apache.js';
import { whyNoCorral } from './corral.js';

/** A check that names what is missing on this machine, or returns `undefined`. */
export type Requirement = () => string | undefined;

/** In CI a suite that cannot run is a failure, not a skip. */
export const mustRunAll = process.env['CORRAL_REQUIRE_ALL'] === '1';

/**
 * Like `describe`, for suites that need more than Node: when something is missing the suite is counted as skipped
 * and says what it lacks; with `CORRAL_REQUIRE_ALL=1` it fails instead.
 */
export function describeWith(title: string, requirements: readonly Requirement[], suite: () => void): void {
  const missing = requirements.map((requirement) => requirement()).filter((reason) => reason !== undefined);
  if (missing.length === 0) {
    describe(title, suite);
    return;
  }
  const message = missing.join('; ');
  describe(title, () => {
    if (mustRunAll) {
      it('can run here', () => {
        throw new Error(`CORRAL_REQUIRE_ALL=1, but ${message}`);
      });
    } else {
      process.stderr.write(`skipped: ${title}: ${message}\n`);
      it.skip(`skipped: ${message}`, () => undefined);
    }
  });
}

/** Needs Apache ZooKeeper and a Java to run it. */
export const needsApache: Requirement = whyNoApache;

/** Needs the build of `apps/cli`. */
export const needsCorral: Requirement = whyNoCorral;
