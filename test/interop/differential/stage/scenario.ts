/** A scenario: a script of requests that is played on every server, each time on a fresh stage. */
import type { Stage } from './stage.js';

/** A script and what it needs. */
export interface Scenario {
  readonly name: string;
  /** The subtree it works in; read after every write. The scenario creates it itself. */
  readonly root?: string;
  readonly play: (stage: Stage) => Promise<void>;
}

/** Scenarios that share a server, started with these lines in `zoo.cfg`. */
export interface ScenarioGroup {
  readonly name: string;
  readonly configLines?: readonly string[];
  /** Settings that Apache takes as system properties only; Corral gets them as lines of `zoo.cfg`. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly scenarios: readonly Scenario[];
}
